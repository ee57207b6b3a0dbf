"""A WebSocket client as light as asyncio allows: one protocol object, no task, no queue."""

import asyncio
import os
import ssl
from base64 import b64encode
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from bench.frames import BINARY, CLOSE, PING, PONG, TEXT, FrameReader, accept_key, frame
from bench.tokens import now_us

# The fleet under test has a certificate of its own making, and stands on this machine.
UNVERIFIED = ssl.create_default_context()
UNVERIFIED.check_hostname, UNVERIFIED.verify_mode = False, ssl.CERT_NONE


class HandshakeRefused(Exception):
    """The server did not switch to WebSocket; the message is its answer's head."""


class ClientSocket(asyncio.Protocol):
    """One connection. `on_message` gets each message and the moment, in microseconds, when its bytes came in."""

    def __init__(self, url: str, key: str, on_message: Callable[[bytes, int], None]) -> None:
        self.on_message = on_message
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.close_code: int | None = None
        self.is_open = False
        self._nonce = b64encode(os.urandom(16))
        self._head = b""
        self._reader = FrameReader()
        self._request = _request(url, key, self._nonce)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        at_us = now_us()
        if not self.is_open:
            data = self._open(data)
        if not data:
            return
        for opcode, payload in self._reader.feed(data):
            if opcode in (TEXT, BINARY):
                self.on_message(payload, at_us)
            elif opcode == PING:
                self.transport.write(frame(payload, PONG, masked=True))
            elif opcode == CLOSE:
                self.close_code = int.from_bytes(payload[:2]) if payload else 1005
                self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self.close_code is None:
            self.close_code = 1006
        if not self.opened.done():
            self.opened.set_exception(HandshakeRefused("The connection was closed during the handshake."))

    def send(self, text: bytes) -> None:
        """Send one text message."""
        self.transport.write(frame(text, masked=True))

    def close(self) -> None:
        """Say goodbye and close, without waiting for the server's own goodbye."""
        if self.is_open:
            self.transport.write(frame((1000).to_bytes(2), CLOSE, masked=True))
        self.is_open = False
        self.transport.close()

    def _open(self, data: bytes) -> bytes:
        """Read the answer to the handshake; returns the bytes after it."""
        self._head += data
        head, found, rest = self._head.partition(b"\r\n\r\n")
        if not found:
            return b""
        if b" 101 " not in head.split(b"\r\n")[0] or accept_key(self._nonce) not in head:
            if not self.opened.done():
                self.opened.set_exception(HandshakeRefused(head.decode("latin-1")))
            self.transport.close()
            return b""
        self._reader = FrameReader(deflated=b"permessage-deflate" in head.lower())
        self.is_open = True
        self.opened.set_result(None)
        return rest


def _request(url: str, key: str, nonce: bytes) -> bytes:
    """The handshake. Compression is offered in the words that Chromium uses: what it costs, a browser's user would pay too."""
    parts = urlsplit(url)
    return (
        f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {nonce.decode()}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nAuthorization: Bearer {key}\r\n\r\n"
    ).encode()


async def connect(url: str, key: str, on_message: Callable[[bytes, int], None]) -> ClientSocket:
    """Open a socket. Raises HandshakeRefused."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: ClientSocket(url, key, on_message),
        parts.hostname or "",
        parts.port or 80,
        ssl=UNVERIFIED if parts.scheme == "wss" else None,
    )
    await socket.opened
    return socket
