"""Which words does every part of the bot share?"""
