"""What became of the rooms since they were opened, and what is put right?"""
