"""What is recorded of what other systems were asked on purpose?"""
