"""Ids are UUIDv7 (RFC 9562, section 5.7), made by us: sortable by time, and strictly growing within a process."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new id, greater than every id this process made before.

    48 bits of Unix milliseconds, then 12 + 62 bits that start random in each millisecond and grow by one within it
    (RFC 9562, section 6.2, method 2), so that two rows of one transaction keep their order.
    """
    global _last
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        fresh = (millisecond << 74) | (int.from_bytes(os.urandom(10), "big") & ((1 << 73) - 1))
        _last = fresh if fresh > _last else _last + 1
        value = _last
    high, low = value >> 62, value & ((1 << 62) - 1)
    timestamp, rand_a = high >> 12, high & 0xFFF
    return UUID(int=(timestamp << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | low)
