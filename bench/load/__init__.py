"""A crowd of simulated browsers in one process, and the judge of what they see.

Each browser speaks Parley's socket protocol over its own WebSocket; the judge knows from the vendor's words whether one was
lost, doubled or out of order, and how long it took. Not here: what is measured and how it is shown (`bench/rows`).
"""
