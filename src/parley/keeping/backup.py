"""Make a backup while Parley runs: one file that holds all rows of one moment, and the bytes they speak of."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

import orjson
from django.conf import settings
from django.db import connection

from parley.core.errors import Conflict
from parley.core.secret import fingerprint_of
from parley.files.models import File
from parley.files.store import ARCHIVES, NoBytes, names_below, opened, upload_name
from parley.keeping.backup_file import FILES, BackupWriter, FilesNote, Manifest, SecretNote, TableNote, sync_to_disk
from parley.keeping.digest import Digest, Row
from parley.keeping.source import Source, sealed_places, snapshot
from parley.keeping.tables import Table, tables


def back_up(path: Path, *, with_secret: bool = False, with_files: bool = True) -> Manifest:
    """Raises `Conflict` when there is a file already, and `OSError`. The file gets its name when it is whole and on disk."""
    if path.exists():
        raise Conflict(f"{path} exists already. Choose another name: no backup is overwritten.")
    draft = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            manifest = _write(target, with_secret=with_secret, with_files=with_files)
            sync_to_disk(target)
        os.link(draft, path)  # unlike a renaming, it overwrites nothing that came meanwhile
    except FileExistsError:
        raise Conflict(f"{path} exists already. Choose another name: no backup is overwritten.") from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(target: IO[bytes], *, with_secret: bool, with_files: bool) -> Manifest:
    with BackupWriter(target) as writer:
        return _write_all(writer, with_secret=with_secret, with_files=with_files)


def _write_all(writer: BackupWriter, *, with_secret: bool, with_files: bool) -> Manifest:
    sealed = _Sealed()
    with snapshot() as source:
        kept = [table for table in tables() if source.has(table)]
        notes = {table.name: _write_rows(writer, source, table, sealed) for table in kept}
        migrations = source.migrations()
        names = [*_upload_names(source), *names_below(ARCHIVES)] if with_files else []
    return writer.finish(
        parley=version("parley"),
        made_at=datetime.now(UTC),
        database=connection.vendor,
        migrations=migrations,
        tables=notes,
        files=_write_files(writer, names),
        secret=SecretNote(
            fingerprint=fingerprint_of(settings.SECRET_KEY), value=settings.SECRET_KEY if with_secret else None
        ),
        sealed_values=sealed.count,
    )


class _Sealed:
    """How many values can be read with the secret only."""

    count = 0


def _write_rows(writer: BackupWriter, source: Source, table: Table, sealed: _Sealed) -> TableNote:
    digest = Digest(table)
    writer.add_lines(table.name, _lines(table, source.rows(table), digest, sealed))
    columns = [(column.name, str(column.kind)) for column in table.columns]
    return TableNote(columns=columns, rows=digest.rows, digest=digest.hex(), span=source.span(table))


def _lines(table: Table, rows: Iterable[Row], digest: Digest, sealed: _Sealed) -> Iterator[bytes]:
    places = sealed_places(table)
    for row in rows:
        line = orjson.dumps(row)
        digest.add(row, line)
        sealed.count += sum(bool(row[place]) for place in places)
        yield line + b"\n"


def _upload_names(source: Source) -> list[str]:
    (table,) = [table for table in tables() if table.name == File._meta.db_table]
    place = next(place for place, column in enumerate(table.columns) if column.name == "id")
    return [upload_name(File._meta.pk.to_python(row[place])) for row in source.rows(table)]


def _write_files(writer: BackupWriter, names: Iterable[str]) -> FilesNote:
    """After the snapshot has ended: bytes never change under their name, and a large store takes its time."""
    count, size_bytes, missing = 0, 0, []
    for name in names:
        try:
            with opened(name) as (content, bytes_):
                writer.add_file(FILES + name, content, bytes_)
        except NoBytes:
            missing.append(name)
            continue
        count, size_bytes = count + 1, size_bytes + bytes_
    return FilesNote(count=count, size_bytes=size_bytes, missing=missing)
