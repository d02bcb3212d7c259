"""What is announced together where each announcement would come late?"""
