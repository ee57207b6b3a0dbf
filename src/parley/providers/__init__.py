"""Lives here: how and where to ask a model: values, wires, endpoints, model cards, the client with retry and breaker.

Does not live here: bots, conversations, prices' ledger. `wire/` is plain Python without Django.
May call: usage and every room above it.
"""
