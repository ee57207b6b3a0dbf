"""What a model can make of a file: told from its bytes, whatever its name and its sender say."""

import codecs
from collections.abc import Iterator
from typing import IO, Literal

Kind = Literal["image", "text", "pdf", "other"]

CHUNK_BYTES = 256 * 1024
# How each begins: https://www.garykessler.net/library/file_sigs.html. No SVG: it is a document that may hold scripts.
IMAGES: dict[str, bytes] = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
PDF = b"%PDF-"
HEAD_BYTES = 1024  # readers accept what stands before a PDF's first line


def kind_of(content: IO[bytes]) -> Kind:
    """Reads from the beginning, and leaves the place where it likes. Text is UTF-8 without NUL."""
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if image_type(head):
        return "image"
    if PDF in head:
        return "pdf"
    content.seek(0)
    return "text" if _is_text(iter(lambda: content.read(CHUNK_BYTES), b"")) else "other"


def image_type(head: bytes) -> str:
    """The media type of an image that every vendor knows, from its first bytes; empty for all else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for media_type, begin in IMAGES.items() if head.startswith(begin)), "")


def _is_text(chunks: Iterator[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            if b"\0" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
