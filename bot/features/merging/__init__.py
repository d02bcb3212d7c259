"""Which incidents are the same?"""
