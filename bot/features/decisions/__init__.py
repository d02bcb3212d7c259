"""What was decided, by whom, and why?"""
