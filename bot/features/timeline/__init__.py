"""Which of what happened stands on the timeline, and what is kept of what people say?"""
