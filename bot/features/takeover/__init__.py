"""What happens when somebody wants a role that another holds?"""
