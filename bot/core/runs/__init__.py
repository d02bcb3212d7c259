"""How far are the runbooks of an incident, which several features carry on?"""
