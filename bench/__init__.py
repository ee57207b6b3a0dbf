"""Measures Parley: a mock vendor, a bare relay as the floor, a crowd of simulated browsers, and a table of figures.

Not here: anything Parley needs at run time. The tests start the vendor and the relay; nothing else imports this package.
"""
