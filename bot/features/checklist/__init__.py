"""What of the runbooks is done, and what is whose next?"""
