"""Parley: a chat platform on large language models that people host themselves."""

__version__ = "0.1.0"
