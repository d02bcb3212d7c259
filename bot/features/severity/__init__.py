"""How bad is it, who says so, and who is called by it?"""
