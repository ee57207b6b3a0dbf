"""uvicorn's WebSocket with one more way out: frames that are written at once, from a plain function.

An ASGI `send` is a coroutine. To reach it from the tape, each frame of each reader woke a task and went through six calls and
a serializer, a quarter of all the server did. The socket finds `push` in its scope's extensions, where ASGI has servers
put what they offer beside the standard; under another server it is missing, and everything goes through `send`.
"""

from typing import Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "parley.push"
TEXT = b"\x81"  # a whole text frame, not compressed (RFC 6455, section 5.2)


class Push(Protocol):
    """Writes text frames, all or none. False: the other side does not keep up, or is gone."""

    def __call__(self, texts: list[str], /) -> bool: ...


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Named in `serve.py` and `web.py`."""

    async def run_asgi(self) -> None:
        assert self.scope["extensions"] is not None
        self.scope["extensions"][EXTENSION] = {"push": self._push}
        await super().run_asgi()

    def _push(self, texts: list[str], /) -> bool:
        is_open = self.handshake_complete and not (self.close_sent or self.disconnected or self.transport.is_closing())
        if not is_open or not self.writable.is_set():
            return False
        self.transport.write(b"".join([_frame(text) for text in texts]))
        return True


def _frame(text: str) -> bytes:
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return b"%b%c%b" % (TEXT, size, payload)
    if size < 0x10000:
        return b"%b\x7e%b%b" % (TEXT, size.to_bytes(2, "big"), payload)
    return b"%b\x7f%b%b" % (TEXT, size.to_bytes(8, "big"), payload)
