"""Lives here: users, workspaces, memberships with their roles, API keys, one-time sign-in links, sessions.

Does not live here: what people own (bots, conversations); those rooms point here.
May call: every room above; itself only core.
"""
