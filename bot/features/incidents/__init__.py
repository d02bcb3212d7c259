"""How does an incident begin, and where is it seen?"""
