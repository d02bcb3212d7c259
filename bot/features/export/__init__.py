"""Who takes the record of an incident along, and how does it reach them?"""
