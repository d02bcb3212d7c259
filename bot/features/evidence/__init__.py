"""What is preserved, and who may look at it?"""
