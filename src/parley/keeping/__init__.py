"""Lives here: what is kept, for how long, and how it comes back: backup, restore, move, archives of conversations, retention.

Does not live here: how a room cleans its own rows (its `actions.py` or `cleaning.py`); this room says when.
May call: api, and the command line.
"""
