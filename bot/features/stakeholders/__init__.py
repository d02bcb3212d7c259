"""Who outside the room is told, and in which words?"""
