"""Read a whole database as it was at one moment, row by row, while others write to it.

A value comes in the form of its column's kind, the same from every database: ids as 32 hex digits, times as
`2026-11-21 02:21:17.123456` in UTC, flags as 0 and 1, JSON as text, bytes in base64, decimals as text.
"""

import base64
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction

from parley.keeping.digest import Digest, Row, Value
from parley.keeping.tables import Kind, Table

AT_ONCE = 2000

# How a column is read; what is not here is read as it is. The databases' own functions are much faster than Python's.
SQLITE_FORMS: dict[Kind, str] = {
    # Django leaves ".000000" away, and SQLite's own clock knows milliseconds only.
    "time": "substr({0} || CASE WHEN instr({0}, '.') THEN '' ELSE '.' END || '000000', 1, 26)",
    "decimal": "CAST({0} AS TEXT)",
}
POSTGRESQL_FORMS: dict[Kind, str] = {
    "uuid": "replace({0}::text, '-', '')",
    "time": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "date": "{0}::text",
    "flag": "{0}::int",
    "decimal": "trim_scale({0})::text",
    "address": "host({0})",
    "json": "{0}::text",
}


class Source(Protocol):
    def rows(self, table: Table) -> Iterator[Row]: ...

    def has(self, table: Table) -> bool: ...

    def span(self, table: Table) -> tuple[str, str] | None:
        """The first and the last id of a table that has ids; None when it is empty or has none."""
        ...

    def migrations(self) -> dict[str, list[str]]:
        """The names of those that were applied, by app."""
        ...


class SqliteSource:
    """A file of SQLite, read only. In WAL mode its readers and its writer do not wait for each other."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def snapshot(cls, path: Path) -> Iterator["SqliteSource"]:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as opened:
            opened.execute("PRAGMA busy_timeout = 10000")
            opened.execute("BEGIN")
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the snapshot is taken at the first read
            yield cls(opened)

    def rows(self, table: Table) -> Iterator[Row]:
        cursor = self._connection.execute(_select(table, SQLITE_FORMS))
        cursor.arraysize = AT_ONCE
        return _converted(table, _fetched(cursor))

    def has(self, table: Table) -> bool:
        found = self._connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table.name])
        return found.fetchone() is not None

    def span(self, table: Table) -> tuple[str, str] | None:
        found = [self._connection.execute(statement).fetchone() for statement in _ends(table, SQLITE_FORMS)]
        return (found[0][0], found[1][0]) if found and found[0] else None

    def migrations(self) -> dict[str, list[str]]:
        return _by_app(self._connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall())


class PostgresqlSource:
    """Django's database, in one transaction that sees one moment."""

    @classmethod
    @contextmanager
    def snapshot(cls) -> Iterator["PostgresqlSource"]:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                for timeout in ("statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"):
                    cursor.execute(f"SET LOCAL {timeout} = 0")
            yield cls()

    def rows(self, table: Table) -> Iterator[Row]:
        # The driver's own cursor with a name: rows come in batches, not all at once into memory.
        with connection.connection.cursor(name="backup") as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(_select(table, POSTGRESQL_FORMS))
            yield from _converted(table, cursor)

    def has(self, table: Table) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f'"{table.name}"'])
            return bool(cursor.fetchone()[0])

    def span(self, table: Table) -> tuple[str, str] | None:
        found = []
        with connection.cursor() as cursor:
            for statement in _ends(table, POSTGRESQL_FORMS):
                cursor.execute(statement)
                found.append(cursor.fetchone())
        return (found[0][0], found[1][0]) if found and found[0] else None

    def migrations(self) -> dict[str, list[str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
            return _by_app(cursor.fetchall())


def snapshot() -> AbstractContextManager[Source]:
    """Of the database that the settings name."""
    if connection.vendor == "sqlite":
        return SqliteSource.snapshot(Path(connection.settings_dict["NAME"]))
    return PostgresqlSource.snapshot()


def digest_of(source: Source, table: Table) -> Digest:
    digest = Digest(table)
    for row in source.rows(table):
        digest.add(row)
    return digest


def _select(table: Table, forms: dict[Kind, str]) -> str:
    columns = ", ".join(forms.get(column.kind, "{0}").format(f'"{column.name}"') for column in table.columns)
    return f'SELECT {columns} FROM "{table.name}"'  # noqa: S608 - names of our own tables


def _ends(table: Table, forms: dict[Kind, str]) -> list[str]:
    """Two statements, or none for a table without ids."""
    if not any(column.name == "id" and column.kind == "uuid" for column in table.columns):
        return []
    id_ = forms.get("uuid", "{0}").format("id")
    return [f'SELECT {id_} FROM "{table.name}" ORDER BY id {way} LIMIT 1' for way in ("ASC", "DESC")]  # noqa: S608


def _fetched(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany():
        yield from batch


def _converted(table: Table, rows: Any) -> Iterator[Row]:
    """Few tables have a column for Python to convert; the others' rows pass as they are."""
    places = [(place, CONVERTERS[c.kind]) for place, c in enumerate(table.columns) if c.kind in CONVERTERS]
    if not places:
        yield from rows
        return
    for row in rows:
        converted = list(row)
        for place, convert in places:
            if converted[place] is not None:
                converted[place] = convert(converted[place])
        yield converted


def _base64(value: Any) -> Value:
    return base64.b64encode(bytes(value)).decode()


def _decimal(value: Any) -> Value:
    """SQLite keeps 1.50 as 1.5 and 2 as 2, PostgreSQL as 1.50 and 2.00; `trim_scale` has taken PostgreSQL's zeros away."""
    text = str(value)
    return text[:-2] if text.endswith(".0") else text


CONVERTERS: dict[Kind, Callable[[Any], Value]] = {"bytes": _base64, "decimal": _decimal}


def _by_app(rows: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in rows:
        found.setdefault(app, []).append(name)
    return found


def sealed_places(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.columns) if column.is_sealed]
