"""How is a step done that somebody just does?"""
