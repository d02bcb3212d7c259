"""Which runbooks are run, and how far are they?"""
