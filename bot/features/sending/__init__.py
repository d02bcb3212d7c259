"""How is a step done that calls other systems?"""
