"""Lives here: what callers reach over HTTP, a file for each group of calls. A door parses, asks, and answers.

Does not live here: anything that a door would have to decide.
May call: `app` puts them together.
"""
