"""How does the record of an incident become files that anybody can read and check?"""
