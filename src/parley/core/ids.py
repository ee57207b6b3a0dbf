"""Ids are UUIDv7 (RFC 9562, section 5.7), made by us: sortable by time, and strictly growing within a process."""

import os
import threading
import time
from hashlib import blake2b
from uuid import UUID

LAST_MILLISECOND = (1 << 48) - 1  # what is not ours may be any number

_lock = threading.Lock()
_last = 0


def made_at_s(made: UUID) -> float:
    """When an id of ours was made, in seconds since 1970, to the millisecond."""
    return (made.int >> 80) / 1000


def uuid7(*, after: UUID | None = None) -> UUID:
    """A new id, greater than every id this process made before, and greater than `after`.

    48 bits of Unix milliseconds, then 12 + 62 bits that start random in each millisecond and grow by one within it
    (RFC 9562, section 6.2, method 2), so that two rows of one transaction keep their order. `after` was perhaps made by a
    host whose clock is ahead of ours: then the new id takes the millisecond that follows it.
    """
    global _last
    with _lock:
        fresh = _fresh(time.time_ns() // 1_000_000)
        _last = fresh if fresh > _last else _last + 1
        made = _laid_out(_last)
    if after is None or made > after or after.int >> 80 == LAST_MILLISECOND:
        return made
    return _laid_out(_fresh((after.int >> 80) + 1))


def uuid7_of(millisecond: int, words: bytes) -> UUID:
    """The id of something that came from elsewhere: the same time and words make the same id, again and again."""
    random = int.from_bytes(blake2b(words, digest_size=10).digest(), "big") & ((1 << 74) - 1)
    return _laid_out((millisecond << 74) | random)


def _fresh(millisecond: int) -> int:
    return (millisecond << 74) | (int.from_bytes(os.urandom(10), "big") & ((1 << 73) - 1))


def _laid_out(value: int) -> UUID:
    high, low = value >> 62, value & ((1 << 62) - 1)
    timestamp, rand_a = high >> 12, high & 0xFFF
    return UUID(int=(timestamp << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | low)
