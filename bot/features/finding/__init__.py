"""Which incidents are there, and what can one ask for?"""
