"""What do alerts of other systems do?"""
