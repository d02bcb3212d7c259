"""How is a step done that asks questions?"""
