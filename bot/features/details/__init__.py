"""What is known of an incident, and what is still missing?"""
