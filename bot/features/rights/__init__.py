"""Who may decide what, and how does one ask them?"""
