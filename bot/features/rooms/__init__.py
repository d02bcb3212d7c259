"""Who is in the room, how is it called, and where does it go on?"""
