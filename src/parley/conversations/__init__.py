"""Lives here: conversations, the tree of messages, their parts, titles and search; how a
person keeps them (folders, tags, pins, archive), forks them and shares them; the library of
prompts, which are words of people, whichever bot they are said to.

Does not live here: how an answer comes about (engine). A message holds what was said, whoever said it.
May call: engine and every room above it.
"""
