"""What do practitioners write down beforehand?"""
