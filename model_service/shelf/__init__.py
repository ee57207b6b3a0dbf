"""Lives here: which models and adapters there are (the register, in SQL), what lies in a folder, and which are in memory.

Does not live here: HTTP, and how tokens are chosen.
May call: the doors.
"""
