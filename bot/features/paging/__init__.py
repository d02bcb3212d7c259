"""Who was called, who answered, and who is called next?"""
