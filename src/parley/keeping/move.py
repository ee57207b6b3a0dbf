"""From SQLite to PostgreSQL, with nothing lost: read from the one, written to the other, read again and compared."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from parley.core.errors import Conflict, Invalid, NotFound
from parley.keeping.restore import NotTheSame, check_same
from parley.keeping.schema import applied_elsewhere, bring_up_to_date, check_empty
from parley.keeping.source import PostgresqlSource, Source, SqliteSource
from parley.keeping.tables import Table, tables
from parley.keeping.target import PostgresqlTarget, load, make_room

__all__ = ["Moved", "NotTheSame", "move"]


@dataclass(frozen=True, slots=True)
class Moved:
    """`replaced`: values that held NUL, which PostgreSQL cannot store; U+FFFD stands in its place."""

    rows_by_table: dict[str, int]
    replaced: int


def move(path: Path) -> Moved:
    """Copy the SQLite file at `path` into the database of the settings. The file is only read.

    Whoever calls holds the lock of its folder. Raises `Conflict` when the target is not empty, or the file of another version.
    """
    if connection.vendor != "postgresql":
        raise Invalid(
            "Parley moves from SQLite to PostgreSQL. Write the target as postgresql://user:password@host/name."
        )
    if not path.exists():
        raise NotFound(f"There is no database at {path}. Name its folder with --data.")
    check_empty()
    bring_up_to_date()
    with SqliteSource.snapshot(path) as source:
        _check_version(path, source)
        with transaction.atomic(durable=True):
            target = PostgresqlTarget()
            rows = {table.name: _copy(source, target, table) for table in tables() if source.has(table)}
            target.finish()
    return Moved(rows, target.replaced)


def _copy(source: Source, target: PostgresqlTarget, table: Table) -> int:
    make_room(table, source.span(table))
    written = load(target, table, source.rows(table))
    check_same(PostgresqlSource(), table, written)
    return written.rows


def _check_version(path: Path, source: Source) -> None:
    if not applied_elsewhere(source.migrations()):
        raise Conflict(
            f"{path} is of another version of Parley. Start this version on it once, stop it, and move then."
        )
