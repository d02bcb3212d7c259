"""Which blocks, elements and objects are there, and what may be in them?"""
