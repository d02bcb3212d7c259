"""What does a change of the record bring about in the runs of runbooks?"""
