"""Who promised to do what, by when?"""
