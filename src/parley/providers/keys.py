"""Vendors' keys that people type or that the environment holds: what is taken, and what may be shown of them."""

from typing import Final

from parley.core.errors import Invalid

LONGEST: Final = 1000
SHOWN_FROM: Final = 12  # of a shorter key, four letters would be too much


def clean_key(typed: str) -> str:
    """Raises `Invalid` for what could not travel in an HTTP header."""
    key = typed.strip()
    if len(key) > LONGEST or not key.isascii() or any(letter <= " " or letter == "\x7f" for letter in key):
        raise Invalid("The key holds spaces or letters that no key has. Copy it again, without anything around it.")
    return key


def last_four(key: str) -> str:
    return key[-4:] if len(key) >= SHOWN_FROM else ""
