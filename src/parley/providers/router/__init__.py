"""Lives here: the router: which model answers what, by a rule that a bot names in place of a model, and why.

Does not live here: asking the model that was chosen, and the next one when it fails (`engine.answer`); prices' ledger (`usage`).
May call: what may call providers. Deciding is plain Python on values: no query, no await, some hundred microseconds.
"""
