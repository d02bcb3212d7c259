"""How is a step done that asks for files?"""
