"""What nearly happened?"""
