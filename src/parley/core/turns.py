"""One after another, where two processes must not do the same thing at once: a first start, a change of the tables.

On SQLite a transaction begins with the file's write lock, so there is nothing to do.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def take_turns(what: str) -> None:
    """Inside a transaction: wait until no other one that does `what` is under way."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(what)])


@contextmanager
def long_work(what: str) -> Iterator[None]:
    """Outside of a transaction: the same, with all the time that it takes, which may be many minutes for `what` is big."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_number(what)])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(what)])
            cursor.execute("RESET lock_timeout; RESET statement_timeout")


def _number(what: str) -> int:
    """PostgreSQL knows such locks by numbers."""
    return zlib.crc32(f"parley {what}".encode())
