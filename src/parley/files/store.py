"""Bytes under names, in Django's storage `files` (settings.STORAGES): a folder or a bucket. All of it blocks: never on the loop.

`uploads/ab/<id>` are files, `words/ab/<id>` the words of PDFs, `archives/<user>/<conversation>.json` are archives;
`exports/<user>/<id>.zip` and `imports/<user>/<id>` come and go with what people take along and bring. What `put` returns
from is durable (N8).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO
from uuid import UUID

from django.core.files import File as Content
from django.core.files.storage import Storage, storages

CHUNK_BYTES = 256 * 1024
UPLOADS, WORDS, ARCHIVES, EXPORTS, IMPORTS = "uploads", "words", "archives", "exports", "imports"


class NoBytes(Exception):
    """Nothing is stored under this name."""


def store() -> Storage:
    return storages["files"]


def upload_name(file_id: UUID) -> str:
    """The last two digits are random: 256 folders of equal size, however the ids grow."""
    return f"{UPLOADS}/{file_id.hex[-2:]}/{file_id.hex}"


def words_name(file_id: UUID) -> str:
    """Where the words of a PDF are kept: what would be read from its bytes again."""
    return f"{WORDS}/{file_id.hex[-2:]}/{file_id.hex}"


def put(name: str, content: IO[bytes]) -> None:
    """Store what `content` holds from here to its end, in place of what was there; whole and durable, or not at all."""
    stored = store().save(name, Content(content, name=PurePosixPath(name).name))
    assert stored == name, f"the storage wrote {stored} for {name}: it must be set to overwrite"


def read(name: str) -> Iterator[bytes]:
    """The bytes, a chunk at a time. Raises `NoBytes` with the first."""
    try:
        content = store().open(name, "rb")
    except FileNotFoundError:
        raise NoBytes(name) from None
    with content:
        yield from content.chunks(CHUNK_BYTES)


@contextmanager
def opened(name: str) -> Iterator[tuple[IO[bytes], int]]:
    """The bytes as a file, and how many there are. Raises `NoBytes`."""
    try:
        content = store().open(name, "rb")
        size_bytes = content.size
    except FileNotFoundError:
        raise NoBytes(name) from None
    with content:
        yield content, size_bytes


def size_of(name: str) -> int:
    """Raises `NoBytes`."""
    try:
        return store().size(name)
    except FileNotFoundError:
        raise NoBytes(name) from None


def stored_at(name: str) -> datetime:
    return store().get_modified_time(name)


def has(name: str) -> bool:
    return store().exists(name)


def remove(name: str) -> None:
    """Removing what is not there is as good."""
    store().delete(name)


def names_below(folder: str) -> Iterator[str]:
    """Every name that starts with `folder/`."""
    try:
        folders, names = store().listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        yield f"{folder}/{name}"
    for inner in sorted(folders):
        yield from names_below(f"{folder}/{inner}")
