"""The form of a backup: a compressed tar that anybody can open, and a manifest at its end without which it is nothing.

    parley.json               the format's number, first, so that another file is known at once
    rows/<table>/00001.jsonl  rows as JSON lists, one a line; the manifest names the columns and their kinds
    files/<name>              bytes, under the name they have in the store
    manifest.json             versions, columns, counts and digests; and the SHA-256 of all that stands before it

Nothing here knows Django: a backup is judged before any of it, or of an instance, is touched.
"""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from parley.core.errors import ParleyError

FORMAT = 1
HEAD, MANIFEST, ROWS, FILES = "parley.json", "manifest.json", "rows/", "files/"
MEMBER_BYTES = 4 * 1024 * 1024
READ_BYTES = 1024 * 1024
COMPRESSION = 1  # of 9: a third of the time of the default, for a tenth more bytes
LONGEST_MANIFEST_BYTES = 16 * 1024 * 1024


class BadBackup(ParleyError):
    """Truncated, altered, or no backup. Nothing was written."""

    code, status = "bad_backup", 422


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableNote(_Model):
    """`columns`: names with their kinds. `digest`: see `digest.py`. `span`: the first and the last id, where there are ids."""

    columns: list[tuple[str, str]]
    rows: int
    digest: str
    span: tuple[str, str] | None = None


class FilesNote(_Model):
    """`missing`: what rows speak of and the store did not have."""

    count: int
    size_bytes: int
    missing: list[str]


class SecretNote(_Model):
    """`fingerprint` tells one secret from another, and nothing else of it. `value` stands here by choice only."""

    fingerprint: str
    value: str | None


class Manifest(_Model):
    format: Literal[1]
    parley: str
    made_at: datetime
    database: str
    migrations: dict[str, list[str]]
    tables: dict[str, TableNote]
    files: FilesNote
    secret: SecretNote
    sealed_values: int
    sha256: str


class BackupWriter:
    """Writes members in their order; `finish` makes it a backup."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = gzip.GzipFile(fileobj=target, mode="wb", compresslevel=COMPRESSION, mtime=0)
        self._tar = tarfile.TarFile.open(fileobj=self._zip, mode="w|", format=tarfile.PAX_FORMAT)
        self._hash = hashlib.sha256()
        self.add_bytes(HEAD, orjson.dumps({"format": FORMAT}))
        self._hash = hashlib.sha256()  # of all that stands between head and manifest

    def add_lines(self, table: str, lines: Iterable[bytes]) -> None:
        """Cut into members of some MiB, since tar wants to know a member's size before its content."""
        number, buffer = 0, bytearray()
        for line in lines:
            buffer += line
            if len(buffer) >= MEMBER_BYTES:
                number += 1
                self.add_bytes(f"{ROWS}{table}/{number:05}.jsonl", bytes(buffer))
                buffer.clear()
        if buffer:
            self.add_bytes(f"{ROWS}{table}/{number + 1:05}.jsonl", bytes(buffer))

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add_file(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, content: IO[bytes], size_bytes: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size_bytes, 0o600
        self._note(name, size_bytes)
        self._tar.addfile(entry, _Hashed(content, self._hash))

    def finish(self, **notes: Any) -> Manifest:  # the manifest's own fields
        manifest = Manifest(format=FORMAT, sha256=self._hash.hexdigest(), **notes)
        self.add_bytes(MANIFEST, manifest.model_dump_json(indent=1).encode())
        return manifest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Without `finish` it is no backup, but the compression wants to be ended all the same."""
        self._tar.close()
        self._zip.close()

    def _note(self, name: str, size_bytes: int) -> None:
        self._hash.update(f"{name}\0{size_bytes}\0".encode())


class _Hashed:
    """What is read here is hashed on the way."""

    def __init__(self, content: IO[bytes], hash_: Any) -> None:  # hashlib names no type for its objects
        self._content, self._hash = content, hash_

    def read(self, size: int = -1) -> bytes:
        chunk = self._content.read(size)
        self._hash.update(chunk)
        return chunk


def check_backup(path: Path) -> Manifest:
    """Read all of it, once, and compare. Raises `BadBackup`; writes nothing."""
    whole, raw = hashlib.sha256(), b""
    with _opened(path) as tar:
        for entry in _members(tar):
            if raw:
                raise BadBackup(f"{path} goes on after its end. It was altered: use another backup.")
            content = _content(tar, entry)
            if entry.name == MANIFEST:
                raw = content.read(LONGEST_MANIFEST_BYTES)
                continue
            whole.update(f"{entry.name}\0{entry.size}\0".encode())
            while chunk := content.read(READ_BYTES):
                whole.update(chunk)
    return _judged(path, raw, whole.hexdigest())


def read_members(path: Path) -> Iterator[tuple[str, IO[bytes], int]]:
    """Name, content and size of each, in their order, of a backup that was checked. A content is read before the next."""
    with _opened(path) as tar:
        for entry in _members(tar):
            yield entry.name, _content(tar, entry), entry.size


def _judged(path: Path, raw: bytes, sha256: str) -> Manifest:
    if not raw:
        raise BadBackup(f"{path} has no end: it was cut off, or its making was. Use another backup.")
    try:
        manifest = Manifest.model_validate_json(raw)
    except ValidationError:
        raise BadBackup(
            f"{path} has a manifest that this Parley cannot read. A newer Parley may have made it."
        ) from None
    if manifest.sha256 != sha256:
        raise BadBackup(f"{path} was altered: its content is not what its manifest says. Use another backup.")
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    """To its very end, behind which stands the checksum of the compression."""
    try:
        with gzip.open(path, "rb") as unzipped:
            with tarfile.open(fileobj=unzipped, mode="r|") as tar:
                _check_head(path, tar)
                yield tar
            while unzipped.read(READ_BYTES):
                pass
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise BadBackup(f"{path} is cut off, altered, or no backup of Parley ({error}). Use another one.") from None
    except OSError as error:
        raise BadBackup(f"cannot read {path}: {error.strerror or error}.") from None


def _check_head(path: Path, tar: tarfile.TarFile) -> None:
    entry = tar.next()
    if entry is None or entry.name != HEAD or entry.size > READ_BYTES:
        raise BadBackup(f"{path} is no backup of Parley.")
    try:
        found = orjson.loads(_content(tar, entry).read())["format"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise BadBackup(f"{path} is no backup of Parley.") from None
    if found != FORMAT:
        raise BadBackup(
            f"{path} is a backup of format {found}; this Parley reads {FORMAT}. Use the version that made it."
        )


def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for entry in tar:
        if entry.name == HEAD:
            continue
        if not entry.isfile():
            raise BadBackup(f"A backup holds files only; {entry.name!r} is none. It was altered: use another one.")
        yield entry


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(entry)
    assert content is not None  # it is a file
    return content


def sync_to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
