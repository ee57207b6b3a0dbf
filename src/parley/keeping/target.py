"""Write rows into an empty database, as fast as it takes them. What `source.py` reads, in the same forms."""

import base64
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from parley.conversations.models import Message
from parley.conversations.partitions import make_partitions_between
from parley.core.errors import Conflict
from parley.keeping.digest import Digest, Row, Value
from parley.keeping.tables import Kind, Table

NUL, INSTEAD = "\0", "\ufffd"
NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # escaped; and not an escaped backslash before "u0000"


def make_room(table: Table, span: tuple[str, str] | None) -> None:
    """Old messages get a partition for each of their months, where there are partitions."""
    if span and table.name == Message._meta.db_table:
        make_partitions_between(UUID(span[0]), UUID(span[1]))


def load(target: "Target", table: Table, rows: Iterable[Row]) -> Digest:
    """Raises `Conflict`, which names what the database does not take."""
    try:
        return target.load(table, rows)
    except (connection.Database.Error, sqlite3.Error) as error:  # type: ignore[attr-defined] # the driver's own: rows pass Django by
        raise Conflict(f"{table.name} cannot be written, so nothing was: {_told(error)}") from error


def _told(error: Exception) -> str:
    """In a line. PostgreSQL names row and column in its context, not in its message; and the value, which nobody needs."""
    context = getattr(getattr(error, "diag", None), "context", "") or ""
    where = context.partition('"')[0].removeprefix("COPY ").rstrip(": ")
    return " ".join(part for part in (str(error).strip().splitlines()[0], f"({where})" if where else "") if part)


class Target(Protocol):
    replaced: int

    def load(self, table: Table, rows: Iterable[Row]) -> Digest:
        """The digest is that of the rows as they were written."""
        ...

    def finish(self) -> None:
        """After the last table. Raises the driver's error when a row points at none."""
        ...


class SqliteTarget:
    """Through a connection of its own, which waits for no disk: the file has no name yet that anybody opens."""

    replaced = 0

    def __init__(self, opened: sqlite3.Connection) -> None:
        self._connection = opened
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -64000"):
            opened.execute(f"PRAGMA {pragma}")

    def load(self, table: Table, rows: Iterable[Row]) -> Digest:
        digest = Digest(table)
        names, marks = _names(table), ", ".join("?" * len(table.columns))
        self._connection.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - what migrations filled in
        self._connection.executemany(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608 - names of our own tables
            _converted(table, _noted(rows, digest), SQLITE),
        )
        self._connection.commit()
        return digest

    def finish(self) -> None:
        lost = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise sqlite3.IntegrityError(f"{len(lost)} rows point at none, the first in {lost[0][0]}")


class PostgresqlTarget:
    """Through Django's connection, inside the caller's transaction: all of it, or nothing."""

    def __init__(self) -> None:
        self.replaced = 0
        with connection.cursor() as cursor:
            for timeout in ("statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"):
                cursor.execute(f"SET LOCAL {timeout} = 0")
            cursor.execute("SET LOCAL timezone = 'UTC'")

    def load(self, table: Table, rows: Iterable[Row]) -> Digest:
        digest = Digest(table)
        cleaned = _noted(self._without_nul(table, rows), digest)
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - what migrations filled in
            with cursor.copy(f'COPY "{table.name}" ({_names(table)}) FROM STDIN') as copy:
                for row in _converted(table, cleaned, POSTGRESQL):
                    copy.write_row(row)
        return digest

    def finish(self) -> None:
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
                cursor.execute(statement)

    def _without_nul(self, table: Table, rows: Iterable[Row]) -> Iterator[Row]:
        """PostgreSQL's text cannot hold NUL, SQLite's can: U+FFFD, the sign for what could not be read, takes its place."""
        texts = [place for place, column in enumerate(table.columns) if column.kind in ("text", "json")]
        for row in rows:
            dirty = [place for place in texts if _holds_nul(row[place], table.columns[place].kind)]
            if dirty:
                self.replaced += len(dirty)
                row = [
                    _freed(value, table.columns[place].kind) if place in dirty else value
                    for place, value in enumerate(row)
                ]
            yield row


def _holds_nul(value: Value, kind: Kind) -> bool:
    return isinstance(value, str) and (NUL in value or (kind == "json" and NUL_IN_JSON.search(value) is not None))


def _freed(value: Value, kind: Kind) -> Value:
    assert isinstance(value, str)
    freed = value.replace(NUL, INSTEAD)
    return NUL_IN_JSON.sub(rf"\1{INSTEAD}", freed) if kind == "json" else freed


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _noted(rows: Iterable[Row], digest: Digest) -> Iterator[Row]:
    for row in rows:
        digest.add(row)
        yield row


def _converted(table: Table, rows: Iterable[Row], converters: dict[Kind, Callable[[Any], Any]]) -> Iterator[Row]:
    places = [(place, converters[c.kind]) for place, c in enumerate(table.columns) if c.kind in converters]
    for row in rows:
        if places:
            converted = list(row)
            for place, convert in places:
                if converted[place] is not None:
                    converted[place] = convert(converted[place])
            row = converted
        yield row


def _time_as_django_stores_it(value: str) -> str:
    return value[:-7] if value.endswith(".000000") else value


# A driver's own values, hence Any.
SQLITE: dict[Kind, Callable[[Any], Any]] = {"time": _time_as_django_stores_it, "bytes": base64.b64decode}
POSTGRESQL: dict[Kind, Callable[[Any], Any]] = {"bytes": base64.b64decode}
