"""How does something become evidence?"""
