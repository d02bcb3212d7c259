"""Where is Slack spoken to?"""
