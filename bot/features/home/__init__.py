"""What does somebody see who asks for nothing in particular?"""
