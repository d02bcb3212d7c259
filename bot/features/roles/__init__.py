"""Who does what in an incident, who is asked to, and who hands over to whom?"""
