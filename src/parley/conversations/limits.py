"""What a person may post: text, images that travel inside the message, and files that were uploaded before it."""

import base64
import binascii
import re
from collections.abc import Sequence

from django.conf import settings

from parley.conversations.parts import FilePart, ImagePart, Part, TextPart
from parley.core.errors import Invalid, TooLarge

MAX_PARTS = 64
MAX_FILES = 20
IMAGE = re.compile(r"data:image/(?:png|jpeg|webp|gif);base64,")  # no SVG: it is a document that may hold scripts


def check_parts(parts: Sequence[Part]) -> None:
    """Raises `Invalid` or `TooLarge`, each with what to do about it."""
    if len(parts) > MAX_PARTS:
        raise Invalid(f"A message may have at most {MAX_PARTS} parts; this one has {len(parts)}.")
    size_bytes = files = 0
    for part in parts:
        match part:
            case TextPart():
                size_bytes += _check_text(part.text)
            case ImagePart():
                size_bytes += _check_image(part.url)
            case FilePart():
                files += 1
            case _:
                raise Invalid(
                    f"A message may hold text, images and files, not a part of type '{part.type}'. Leave it out."
                )
    if files > MAX_FILES:
        raise Invalid(f"A message may have at most {MAX_FILES} files; this one has {files}.")
    if not any(not isinstance(part, TextPart) or part.text.strip() for part in parts):
        raise Invalid("The message is empty. Write something, then send it.")
    _check_size(size_bytes)


def _check_text(text: str) -> int:
    if (place := text.find("\0")) >= 0:
        raise Invalid(f"The message holds a NUL character at place {place + 1}, so it is not text. Remove it.")
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise Invalid(
            f"The message holds half a character (a lone surrogate) at place {error.start + 1}. Remove it."
        ) from None


def _check_image(url: str) -> int:
    match = IMAGE.match(url)
    if match is None:
        raise Invalid("An image must be a PNG, JPEG, WebP or GIF, sent as a 'data:image/png;base64,…' URL.")
    _check_size(len(url))  # before it is decoded
    try:
        decoded = base64.b64decode(url[match.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("The image is broken: its base64 text cannot be read. Attach it again.") from None
    if not decoded:
        raise Invalid("The image is empty. Attach it again.")
    return len(url)


def _check_size(size_bytes: int) -> None:
    limit_bytes: int = settings.MESSAGE_LIMIT_BYTES
    if size_bytes > limit_bytes:
        found = f"The message has {size_bytes:,} bytes; at most {limit_bytes:,} are accepted."
        raise TooLarge(f"{found} Shorten it, or send it in pieces.")
