"""Statements that run for every message or frame: PostgreSQL parses and plans each once for a connection, then only runs it.

Django fills parameters in by itself and sends a new text each time, of which the server spent a third of its time on parsing
and planning. Here the text must be always the same, and each parameter must stand where the server knows its type.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

Wrap = Callable[[Any], CursorWrapper]  # a cursor of the driver, as Django's stubs do not know it


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """A cursor of Django's, for whose statements parameters travel apart from the text. On SQLite it is the usual one."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    # late import: psycopg is installed only where there is a PostgreSQL
    from psycopg import Cursor

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    server = connection.connection
    wrap: Wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    server.prepare_threshold = 0
    try:
        with wrap(Cursor(server)) as cursor:
            yield cursor
    finally:
        server.prepare_threshold = None  # the driver would else count every other statement, with its text
