"""What does a person do from a terminal, on the same log as the room?"""
