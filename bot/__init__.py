"""Which program runs the war room?"""
