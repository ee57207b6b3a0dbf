"""Lives here: what every room needs and no business word names: env, ids, clock, errors, announce, seal.

Does not live here: tables, or anything that knows what a message or a bot is.
May call: every room.
"""
