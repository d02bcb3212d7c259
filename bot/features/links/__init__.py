"""What becomes of what preserved links lead to?"""
