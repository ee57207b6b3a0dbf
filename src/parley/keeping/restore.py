"""Bring a backup back into an empty installation, on either database: all of it, or nothing."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO

import orjson
from django.db import connection, transaction

from parley.accounts.actions import end_all_ways_in
from parley.conversations.search import index_all
from parley.core.errors import ParleyError
from parley.engine.stranded import interrupt_all
from parley.files.store import has, put
from parley.keeping.backup_file import FILES, ROWS, BadBackup, Manifest, read_members
from parley.keeping.digest import Digest, Row
from parley.keeping.schema import bring_to, bring_up_to_date, check_empty, tables_that_fit
from parley.keeping.sealed import forget_sealed
from parley.keeping.source import PostgresqlSource, Source, SqliteSource, digest_of
from parley.keeping.tables import Table
from parley.keeping.target import PostgresqlTarget, SqliteTarget, Target, load, make_room

FILE_NAME = re.compile(r"uploads/[0-9a-f]{2}/[0-9a-f]{32}|archives/[0-9a-f-]{36}/[0-9a-f-]{36}\.json")


class NotTheSame(ParleyError):
    """What was written reads otherwise than what was to be written. Nothing was kept."""

    code = "not_the_same"


@dataclass(frozen=True, slots=True)
class Restored:
    """`replaced`: values that held NUL, which PostgreSQL cannot store. `interrupted`: replies that were being written."""

    rows: int
    files: int
    replaced: int
    interrupted: int
    sealed_forgotten: int


def restore(path: Path, manifest: Manifest, *, forget_sealed_values: bool = False) -> Restored:
    """`manifest` is what `check_backup` gave for `path`. Whoever calls holds the data folder's lock.

    Raises `Conflict` when the installation is not empty, `BadBackup` when the backup does not fit this version.
    """
    check_empty()
    with _all_or_nothing(manifest):
        loaded = _load(path, manifest)
        bring_up_to_date()
        interrupted = interrupt_all()
        end_all_ways_in()
        forgotten = forget_sealed() if forget_sealed_values else 0
        if connection.vendor == "sqlite":
            index_all()  # into a draft that waits for no disk; on PostgreSQL it takes much longer, and comes after COMMIT
    return Restored(loaded.rows, loaded.files, loaded.replaced, interrupted, forgotten)


@contextmanager
def _all_or_nothing(manifest: Manifest) -> Iterator[None]:
    """With the tables as they were when the backup was made. On PostgreSQL one transaction, on SQLite a draft of the file."""
    if connection.vendor == "sqlite":
        with _draft_file():
            bring_to(manifest.migrations)
            yield
    else:
        bring_to(manifest.migrations)
        with transaction.atomic(durable=True):
            yield


@contextmanager
def _draft_file() -> Iterator[None]:
    """Django works on another file, which gets the database's name when it is whole and on disk."""
    final = Path(connection.settings_dict["NAME"])
    draft = final.with_name(f"{final.name}.restoring")
    _remove_database(draft)
    connection.close()
    connection.settings_dict["NAME"] = draft
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _sync(draft)
        _remove_database(final)  # it is empty; its log must not be taken for the new one's
        draft.rename(final)
        _sync(final.parent)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = final
        _remove_database(draft)


@dataclass(slots=True)
class _Loaded:
    rows: int = 0
    files: int = 0
    replaced: int = 0


def _load(path: Path, manifest: Manifest) -> _Loaded:
    """Rows and files, in the order in which they stand in the backup; then read again, and compare."""
    loaded, fitting = _Loaded(), {table.name: table for table in tables_that_fit(manifest)}
    with _loading() as (target, source):
        members = ((name, content) for name, content, _ in read_members(path))
        for name, group in groupby(members, key=lambda member: _table_in(member[0])):
            if name is None:
                loaded.files += sum(_keep_file(member, content) for member, content in group)
            elif name in fitting:
                make_room(fitting[name], manifest.tables[name].span)
                written = load(target, fitting[name], _rows(content for _, content in group))
                loaded.rows += written.rows
                check_same(source, fitting[name], written)
        target.finish()
        loaded.replaced = target.replaced
    return loaded


def check_same(source: Source, table: Table, written: Digest) -> None:
    """Raises `NotTheSame` unless the table now reads as it was written."""
    found = digest_of(source, table)
    if (found.rows, found.hex()) != (written.rows, written.hex()):
        raise NotTheSame(
            f"{table.name} reads otherwise than it was written ({found.rows} rows of {written.rows}). Nothing was kept; "
            "please report this as a bug of Parley."
        )


@contextmanager
def _loading() -> Iterator[tuple[Target, Source]]:
    if connection.vendor != "sqlite":
        yield PostgresqlTarget(), PostgresqlSource()
        return
    connection.close()  # the bare connection wants the file for itself
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level="DEFERRED")) as opened:
        yield SqliteTarget(opened), SqliteSource(opened)


def _table_in(name: str) -> str | None:
    """None for a file, and for the manifest."""
    return name.removeprefix(ROWS).partition("/")[0] if name.startswith(ROWS) else None


def _rows(contents: Iterator[IO[bytes]]) -> Iterator[Row]:
    for content in contents:
        for line in content.read().splitlines():
            yield orjson.loads(line)


def _keep_file(name: str, content: IO[bytes]) -> int:
    """Returns 1 for what was stored. Bytes under a name never change, so what is there already is left as it is."""
    if not name.startswith(FILES):
        return 0
    kept = name.removeprefix(FILES)
    if not FILE_NAME.fullmatch(kept):
        raise BadBackup(f"The backup holds a file under the name {kept!r}, which is none of Parley's. Use another one.")
    if not has(kept):
        put(kept, content)
    return 1


def _remove_database(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
