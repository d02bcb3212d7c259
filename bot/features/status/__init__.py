"""How does an incident end, or begin again?"""
