"""What a camera writes into a picture beside the picture (where, when, with what) is taken out before it is stored.

Segments are cut, not pixels: nothing is decoded, and what is drawn stays bit for bit. Of EXIF the orientation stays, since
without it a picture of a phone would lie on its side. JPEG: ITU-T T.81 annex B; PNG: W3C PNG 3rd edition, 5; WebP: RFC 9649, 2.7.
"""

import re
import struct
from collections.abc import Iterator

# Of JPEG's application segments those that say how to draw: JFIF, the colour profile, Adobe's colour transform.
JPEG_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
APPLICATION, COMMENT, SCAN, END = range(0xE0, 0xF0), 0xFE, 0xDA, 0xD9
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # in a scan: neither a stuffed byte nor a restart
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_TOLD = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
WEBP_TOLD = {b"EXIF", b"XMP "}
WEBP_FLAGS = 0x08 | 0x04  # of VP8X: "EXIF is here", "XMP is here"
ORIENTATION = 0x0112


class _Strange(Exception):
    """Not as its format says. It is stored as it came: no reader would find in it what we could not."""


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The same picture; as it came for what is no JPEG, PNG or WebP, or is broken."""
    cut = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type)
    try:
        return cut(content) if cut else content
    except (_Strange, struct.error, IndexError):
        return content


def _jpeg(content: bytes) -> bytes:
    """Up to its end: behind it phones put further pictures, with EXIF of their own."""
    kept = [content[:2]]
    for marker, segment in _segments(content):
        body = segment[4:]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            kept.append(_only_orientation(body[6:]))
        elif marker == COMMENT or (marker in APPLICATION and not _is_drawn_by(marker, body)):
            continue
        else:
            kept.append(segment)
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each, a scan with its data."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise _Strange
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == END:
            yield marker, content[at : at + 2]
            return
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == SCAN:
            found = NEXT_MARKER.search(content, end)
            if found is None:
                raise _Strange
            end = found.start()
        if end > len(content) or end < at + 4:
            raise _Strange
        yield marker, content[at:end]
        at = end


def _is_drawn_by(marker: int, body: bytes) -> bool:
    return marker in JPEG_KEPT and body.startswith(JPEG_KEPT[marker])


def _only_orientation(tiff: bytes) -> bytes:
    """An EXIF segment that says nothing else; empty where there is nothing to say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return b""
    at = struct.unpack_from(f"{order}I", tiff, 4)[0]
    for entry in range(struct.unpack_from(f"{order}H", tiff, at)[0]):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * entry)
        if tag == ORIENTATION and 2 <= value <= 8:
            ifd = struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, value, 0, 0)
            body = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + ifd
            return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b""


def _png(content: bytes) -> bytes:
    kept, at = [PNG_HEAD], len(PNG_HEAD)
    while True:
        size, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + size
        if end > len(content):
            raise _Strange
        if name not in PNG_TOLD:
            kept.append(content[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _webp(content: bytes) -> bytes:
    kept, at = [], 12
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    if end > len(content):
        raise _Strange
    while at < end:
        name, size = struct.unpack_from("<4sI", content, at)
        chunk = content[at : at + 8 + size + size % 2]
        if at + 8 + size > end:
            raise _Strange
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_FLAGS]) + chunk[9:]
        if name not in WEBP_TOLD:
            kept.append(chunk)
        at += len(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
