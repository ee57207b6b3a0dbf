"""Lives here: collections, their documents cut into chunks, and the search over them.

Does not live here: which bot may read which collection (bots), how passages enter a prompt (engine).
May call: bots and every room above it.
"""
