"""What kind of failure is it, and whom does it hit?"""
