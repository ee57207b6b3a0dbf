"""Lives here: bots and their versions; one default bot for each model card.

Does not live here: models and endpoints (providers), what bots said (conversations).
May call: conversations and every room above it.
"""
