"""What are the others told, and when is the next word owed?"""
