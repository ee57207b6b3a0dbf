"""Cursors: where the next page of a list begins, as text that means nothing to the one who carries it."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from uuid import UUID

from parley.core.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_after(moment: datetime, row_id: UUID) -> str:
    """The place behind this row, in a list that is sorted by moment and id."""
    microseconds = (moment - EPOCH) // timedelta(microseconds=1)
    return _written(microseconds.to_bytes(8, "big") + row_id.bytes)


def place_of(cursor: str) -> tuple[datetime, UUID]:
    """Raises `Invalid` for anything but what `cursor_after` wrote."""
    raw = _read(cursor, size=24)
    try:
        return EPOCH + timedelta(microseconds=int.from_bytes(raw[:8], "big")), UUID(bytes=raw[8:])
    except OverflowError:
        raise _not_a_cursor() from None


def cursor_at(offset: int) -> str:
    """The place after `offset` rows."""
    return _written(offset.to_bytes(4, "big"))


def offset_of(cursor: str) -> int:
    """Raises `Invalid` for anything but what `cursor_at` wrote."""
    return int.from_bytes(_read(cursor, size=4), "big")


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(cursor: str, *, size: int) -> bytes:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _not_a_cursor() from None
    if len(raw) != size:
        raise _not_a_cursor()
    return raw


def _not_a_cursor() -> Invalid:
    return Invalid("This is not a cursor of this list. Send the `next` of the page before, or none for the first page.")
