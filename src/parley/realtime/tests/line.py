"""A browser's end of a socket, straight on the ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator

from parley.accounts.actions import create_key
from parley.asgi import application
from parley.realtime import facts
from parley.realtime.directory import Directory, install_directory
from tests.people import Person


@asynccontextmanager
async def open_door() -> AsyncIterator[None]:
    """What the lifespan does for sockets."""
    install_directory(Directory())
    facts.connect()
    try:
        yield
    finally:
        install_directory(None)


async def headers_of(person: Person | None, *, origin: str | None = None) -> list[tuple[bytes, bytes]]:
    """A page of ours when an origin is named, else a program with a key."""
    headers = [(b"host", b"localhost:8000")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if person is not None and origin is not None:
        cookie = person.browser.cookies["parley_session"].value
        headers.append((b"cookie", f"parley_session={cookie}".encode()))
    elif person is not None:
        key = await sync_to_async(create_key)(person.member, name="test")
        headers.append((b"authorization", f"Bearer {key.plain}".encode()))
    return headers


class Line:
    """Send commands, read frames."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {"type": "websocket", "path": "/ws", "raw_path": b"/ws", "query_string": b"", "headers": headers}
        self._to = ApplicationCommunicator(application, scope)

    async def connect(self) -> dict[str, Any]:
        await self._to.send_input({"type": "websocket.connect"})
        return await self.message()

    async def message(self) -> dict[str, Any]:
        answer: dict[str, Any] = await self._to.receive_output(timeout=5)
        return answer

    async def send(self, command: dict[str, Any] | str) -> None:
        text = command if isinstance(command, str) else orjson.dumps(command).decode()
        await self._to.send_input({"type": "websocket.receive", "text": text})

    async def send_bytes(self, data: bytes) -> None:
        await self._to.send_input({"type": "websocket.receive", "bytes": data})

    async def frame(self, *kinds: str) -> dict[str, Any]:
        """The next frame; with `kinds`, the next of one of them."""
        while True:
            message = await self.message()
            assert message["type"] == "websocket.send", message
            frame: dict[str, Any] = orjson.loads(message["text"])
            if not kinds or frame["type"] in kinds:
                return frame

    async def events(self, *, until: int | None = None) -> list[dict[str, Any]]:
        """Event frames up to the last one, or `until` of them."""
        heard = []
        while True:
            heard.append(await self.frame("event"))
            if heard[-1]["event"]["type"] in ("finished", "stopped", "failed", "interrupted") or len(heard) == until:
                return heard

    async def nothing(self) -> bool:
        quiet: bool = await self._to.receive_nothing(timeout=0.2)
        return quiet

    async def close(self) -> None:
        await self._to.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._to.wait(timeout=5)


@asynccontextmanager
async def line_of(person: Person | None, *, origin: str | None = None) -> AsyncIterator[Line]:
    line = Line(await headers_of(person, origin=origin))
    assert (await line.connect())["type"] == "websocket.accept"
    yield line
    await line.close()


def text_of(frames: list[dict[str, Any]]) -> str:
    return "".join(frame["event"]["text"] for frame in frames if frame["event"]["type"] == "delta")
