"""What is owed, who is reminded, and who is called when nobody acts?"""
