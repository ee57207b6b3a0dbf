"""The file that somebody brings: a ZIP archive, or JSON. It is only ever read in place: no name in it becomes a path."""

import base64
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

from parley.core.errors import Invalid, TooLarge
from parley.keeping.import_pieces import conversations_in

CHUNK_BYTES = 256 * 1024
MOST_ENTRIES = 200_000
MOST_UNPACKED_BYTES = 4 * 1024**3  # read from one archive in one go, whatever its directory says
MOST_CONVERSATION_BYTES = 64 * 1024 * 1024
CONVERSATIONS = re.compile(r"conversations(-\d+)?\.json", re.ASCII)
BOTS, FILES = "bots.json", "files.json"
ONE_EACH = re.compile(r"conversations/[^/]+\.json", re.ASCII)  # an archive of Parley
OTHER_JSON = {"user.json", "message_feedback.json", "shared_conversations.json", "model_comparisons.json"}
MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp", b"GIF8": "gif"}
BROKEN = "The archive is broken. Download it again, then import it."


class Broughts:
    """What one file holds: conversations, one after the other, and pictures by their id."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._zip = _opened_zip(content)
        self._read_bytes = 0
        self._names = self._zip.namelist() if self._zip else []
        self._by_id: dict[str, str] | None = None

    def conversations(self) -> Iterator[object]:
        """Raises `Invalid` and `TooLarge`. May be asked for again."""
        self._read_bytes = 0
        if self._zip is None:
            self._content.seek(0)
            yield from conversations_in(_chunks(self._content), most_bytes=MOST_CONVERSATION_BYTES)
            return
        names = self._conversation_names()
        if not names:
            raise Invalid("There are no conversations in this archive. Choose the file as the other program made it.")
        for name in names:
            yield from conversations_in(self._entry(name), most_bytes=MOST_CONVERSATION_BYTES)

    def picture(self, id_: str, *, most_bytes: int) -> str | None:
        """As a `data:` URL, if an entry of the archive has this id in its name, is a picture, and is small enough."""
        name = self._names_by_id().get(id_)
        if name is None or self._zip is None or self._zip.getinfo(name).file_size * 4 / 3 + 64 > most_bytes:
            return None
        raw = b"".join(self._entry(name))
        kind = next((kind for magic, kind in MAGIC.items() if raw.startswith(magic)), None)
        url = f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"
        return url if kind and len(url) <= most_bytes else None

    def files(self, *, most_bytes: int) -> Iterator[tuple[str, str, bytes]]:
        """What an archive of Parley holds beside its conversations: name, media type and bytes of each file."""
        kinds = self._told_of_files("media_type")
        for name in self._names:
            steps = PurePosixPath(name).parts
            if (
                len(steps) == 3
                and steps[0] == "files"
                and self._zip
                and self._zip.getinfo(name).file_size <= most_bytes
            ):
                yield steps[2], kinds.get(steps[1], ""), b"".join(self._entry(name))

    def bots(self) -> Iterator[object]:
        """What an archive of Parley tells of bots: one entry a version."""
        if BOTS in self._names:
            yield from conversations_in(self._entry(BOTS), most_bytes=MOST_CONVERSATION_BYTES)

    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file of an archive of Parley, by the id that it had there."""
        return self._told_of_files("sha256")

    def _told_of_files(self, what: str) -> dict[str, str]:
        """By id, as `files.json` says; nothing depends on it, so a strange one says nothing."""
        if FILES not in self._names:
            return {}
        told = list(conversations_in(self._entry(FILES), most_bytes=MOST_CONVERSATION_BYTES))
        return {str(one.get("id")): str(one.get(what)) for one in told if isinstance(one, dict)}

    def _conversation_names(self) -> list[str]:
        last = {name: PurePosixPath(name).name for name in self._names}
        whole = [name for name in self._names if CONVERSATIONS.fullmatch(last[name])]
        each = [name for name in self._names if ONE_EACH.fullmatch(name)]
        rest = [name for name in self._names if name.endswith(".json") and last[name] not in OTHER_JSON]
        return sorted(whole or each or [name for name in rest if not name.startswith("__MACOSX/")])

    def _names_by_id(self) -> dict[str, str]:
        """`file-abc-picture.png`, `user-1/file_00ab-uuid.png`, `file_00ab.dat`: the id is what stands before the rest."""
        if self._by_id is None:
            self._by_id = {}
            for name in self._names:
                if found := re.match(r"file[-_][A-Za-z0-9]+", PurePosixPath(name).name):
                    self._by_id.setdefault(found[0], name)
        return self._by_id

    def _entry(self, name: str) -> Iterator[bytes]:
        assert self._zip
        try:
            with self._zip.open(name) as entry:
                for chunk in _chunks(entry):
                    self._read_bytes += len(chunk)
                    if self._read_bytes > MOST_UNPACKED_BYTES:
                        raise TooLarge(
                            f"This archive unpacks to more than {MOST_UNPACKED_BYTES:,} bytes. Import it in parts."
                        )
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise Invalid(BROKEN) from None
        except (NotImplementedError, RuntimeError):  # a method of packing that Python lacks, or a password
            raise Invalid(
                "The archive is locked with a password, or packed in a rare way. Unlock or repack it."
            ) from None


@contextmanager
def brought(content: IO[bytes]) -> Iterator[Broughts]:
    """Raises `Invalid` for an archive that cannot be opened."""
    yield Broughts(content)


def _opened_zip(content: IO[bytes]) -> zipfile.ZipFile | None:
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        return None
    content.seek(0)
    try:
        opened = zipfile.ZipFile(content)
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Invalid(BROKEN) from None
    if len(opened.infolist()) > MOST_ENTRIES:
        raise TooLarge(f"The archive holds more than {MOST_ENTRIES:,} files. Import it in parts.")
    return opened


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK_BYTES):
        yield chunk
