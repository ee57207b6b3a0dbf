"""The words that the mock vendor says. Each carries its number and the moment it was sent, so that whoever reads the text
at the far end can tell loss, doubling and reordering, and how long each word was on its way.

A word is ` w17.0a1b2c`: the number from 0, then CLOCK_MONOTONIC in microseconds, modulo 36^6, in six digits to the base 36.
All processes of one machine share that clock. The stamp wraps after 36 minutes, which no reply lasts.
"""

import re
import time
from itertools import product
from string import ascii_lowercase, digits

WRAP_US = 36**6
ACCENT = "☕𝄞"  # follows each word of a model with `-utf8`: three and four bytes in UTF-8
WORD = re.compile(rf" w(\d+)\.([0-9a-z]{{6}})(?:{ACCENT})?")

_THREE_DIGITS = ["".join(three).encode() for three in product(digits + ascii_lowercase, repeat=3)]


def now_us() -> int:
    """This machine's monotonic clock, in microseconds."""
    return time.monotonic_ns() // 1000


def stamp(at_us: int) -> bytes:
    """Six digits to the base 36. A table of three digits at a time costs 0.2 µs; a loop over digits costs 1.5."""
    high, low = divmod(at_us % WRAP_US, 46656)
    return _THREE_DIGITS[high] + _THREE_DIGITS[low]


def age_us(written: str, at_us: int) -> int:
    """Microseconds from the moment that a stamp names to `at_us`."""
    return (at_us - int(written, 36)) % WRAP_US


def next_number(text: str) -> int:
    """The number of the word that follows this text: 0 after an empty one."""
    last = -1
    for word in WORD.finditer(text):
        last = int(word[1])
    return last + 1
