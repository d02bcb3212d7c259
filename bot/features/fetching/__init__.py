"""How do the bytes of files come into the vault, and what is seen in them?"""
