"""What becomes of personal data that somebody pasted into a room?"""
