"""WebSocket frames (RFC 6455), with permessage-deflate (RFC 7692) for reading: what the load client and the relay share.

The `websockets` package costs 40 to 60 µs a message; a crowd that shares two cores with the server cannot pay that.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterator

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_CONTINUED = 0x0
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_FLUSHED = b"\x00\x00\xff\xff"


def accept_key(key: bytes) -> bytes:
    """The server's proof that it understood the handshake."""
    return base64.b64encode(hashlib.sha1(key + _GUID).digest())


def frame(payload: bytes, opcode: int = TEXT, *, masked: bool = False) -> bytes:
    """One whole frame. A client must mask; it does so with the key 0, which leaves the bytes as they are and costs nothing."""
    size = len(payload)
    bit = 0x80 if masked else 0
    if size < 126:
        head = bytes((0x80 | opcode, bit | size))
    elif size < 65536:
        head = bytes((0x80 | opcode, bit | 126)) + size.to_bytes(2)
    else:
        head = bytes((0x80 | opcode, bit | 127)) + size.to_bytes(8)
    return head + b"\x00\x00\x00\x00" + payload if masked else head + payload


class FrameReader:
    """Cuts a byte stream into messages."""

    def __init__(self, *, deflated: bool = False) -> None:
        self._rest = b""
        self._parts: list[bytes] = []
        self._opcode = 0
        self._compressed = False
        self._inflater = zlib.decompressobj(wbits=-15) if deflated else None

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The messages that these bytes complete, as (opcode, payload)."""
        buffer = self._rest + data if self._rest else data
        at = 0
        while True:
            found = self._frame_at(buffer, at)
            if found is None:
                break
            first, payload, at = found
            if first == 0x81:  # the usual case: a whole text message, not compressed
                yield TEXT, payload
            else:
                yield from self._unusual(first, payload)
        self._rest = buffer[at:]

    def _frame_at(self, buffer: bytes, at: int) -> tuple[int, bytes, int] | None:
        """First byte, unmasked payload and end of the frame at this place; None while it is not all there."""
        if len(buffer) < at + 2:
            return None
        size, start = buffer[at + 1] & 0x7F, at + 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, start = int.from_bytes(buffer[start : start + width]), start + width
        masked = buffer[at + 1] & 0x80
        end = start + size + (4 if masked else 0)
        if len(buffer) < end or len(buffer) < start:
            return None
        if masked:
            return buffer[at], unmask(buffer[start : start + 4], buffer[start + 4 : end]), end
        return buffer[at], buffer[start:end], end

    def _unusual(self, first: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
        """Control frames, fragments and compressed messages."""
        opcode = first & 0x0F
        if opcode >= CLOSE:
            yield opcode, payload
            return
        if opcode != _CONTINUED:
            self._opcode, self._compressed = opcode, bool(first & 0x40)
        self._parts.append(payload)
        if first & 0x80:
            message, self._parts = b"".join(self._parts), []
            yield self._opcode, self._inflate(message) if self._compressed else message

    def _inflate(self, message: bytes) -> bytes:
        if self._inflater is None:
            raise ValueError("A compressed frame came, although compression was not agreed upon.")
        return self._inflater.decompress(message + _FLUSHED)


def unmask(key: bytes, payload: bytes) -> bytes:
    """Undo a client's mask, whole integers at a time."""
    if key == b"\x00\x00\x00\x00":
        return payload
    size = len(payload)
    repeated = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(repeated)).to_bytes(size)
