"""What does the room know, or did it know at a moment, in a few lines?"""
