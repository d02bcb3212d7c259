"""How is a step done that somebody else has to agree to?"""
