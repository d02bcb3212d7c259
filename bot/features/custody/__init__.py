"""Who has evidence in hands, what may be erased, and when is it?"""
