"""The words of a file, for models to read. A PDF is read once, when it comes; its words are kept beside its bytes."""

import io
import logging
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO
from uuid import UUID

from parley.files.models import File
from parley.files.store import NoBytes, opened, put, read, upload_name, words_name

logger = logging.getLogger(__name__)

MOST_CHARACTERS = 1_000_000  # more than any model's window
READING_S = 20.0
AT_ONCE = 2  # each may take a core and a GiB
# Run and never imported: a parser of PDFs weighs 8 MB, and what a hostile PDF costs is its alone.
READER = Path(__file__).with_name("pdf.py")
IS_LOCKED = 3  # its exit status

LOCKED = "This PDF is locked by a password. Save it without one, then attach it again."
BROKEN = "This PDF cannot be read. Open it and save it anew, or copy its text into the message."
WORDLESS = "This PDF holds pictures of pages and no words. Attach the pages as images, or copy the text."
SLOW = "This PDF takes too long to read. Attach the pages that matter."
CROWDED = "Parley is reading other PDFs just now. Attach this one again in a moment."

_slots = BoundedSemaphore(AT_ONCE)


class Wordless(Exception):
    """No words can be read; `args[0]` says why and what to do."""


def read_pdf(content: IO[bytes]) -> str:
    """Raises `Wordless`. Holds this thread for `READING_S` at most, and as long again while it waits for others."""
    if not _slots.acquire(timeout=READING_S):
        raise Wordless(CROWDED)
    try:
        content.seek(0)
        done = _run(content)
    except subprocess.TimeoutExpired:
        raise Wordless(SLOW) from None
    finally:
        _slots.release()
    if done.returncode == IS_LOCKED:
        raise Wordless(LOCKED)
    if done.returncode < 0:  # a limit of the operating system ended it
        raise Wordless(SLOW)
    if done.returncode:
        logger.info("a PDF could not be read", extra={"status": done.returncode, "said": done.stderr[-500:]})
        raise Wordless(BROKEN)
    words = done.stdout.decode("utf-8", "replace")
    if not words.strip():
        raise Wordless(WORDLESS)
    return words


def keep_words(file_id: UUID, words: str) -> None:
    put(words_name(file_id), io.BytesIO(words.encode()))


def words_of(file: File, *, most_characters: int) -> str:
    """From the beginning, cut at `most_characters`. Raises `NoBytes`, and `Wordless` for a file that has none."""
    if file.kind == File.Kind.TEXT:
        return _first_of(upload_name(file.id), most_characters)
    if file.kind != File.Kind.PDF or file.problem:
        raise Wordless(file.problem)
    try:
        return _first_of(words_name(file.id), most_characters)
    except NoBytes:  # a backup does not hold what can be read again
        with opened(upload_name(file.id)) as (content, _):
            words = read_pdf(content)
        keep_words(file.id, words)
        return words[:most_characters]


def _first_of(name: str, most_characters: int) -> str:
    most_bytes = 4 * most_characters  # no character takes more
    found = bytearray()
    for chunk in read(name):
        found += chunk
        if len(found) >= most_bytes:
            break
    return found.decode("utf-8", "ignore").lstrip("\ufeff")[:most_characters]


def _run(content: IO[bytes]) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-I", str(READER), str(MOST_CHARACTERS)]
    return subprocess.run(command, input=content.read(), capture_output=True, timeout=READING_S, check=False)  # noqa: S603
