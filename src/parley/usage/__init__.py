"""Lives here: the token ledger and budgets.

Does not live here: the tape's ledger (engine). Generations are known by plain ids.
May call: knowledge and every room above it.
"""
