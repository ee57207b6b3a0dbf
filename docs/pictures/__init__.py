"""The pictures and the film of the README, taken from a fresh Parley. Run by `make screenshots`; nothing else calls this.

Its models are a stand-in vendor's (`stand_in.py`), which says what is written there: no key, no network, the same each time.
"""
