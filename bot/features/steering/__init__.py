"""How does a run go otherwise than its runbook says?"""
