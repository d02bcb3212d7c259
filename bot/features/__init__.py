"""What can the bot do?"""
