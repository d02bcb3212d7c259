"""What stands in for Slack when there is no Slack?"""
