"""Who hears the updates without being in the room?"""
