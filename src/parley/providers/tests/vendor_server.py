"""A vendor on loopback for tests: plain asyncio, so that it can say what no web framework would let it say."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from parley.providers.values import ChatMessage, ModelRequest, Route, Text

DONE = b"data: [DONE]\n\n"
STOP = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'


def said(text: str, **more: object) -> bytes:
    """One token as vendors send it."""
    return event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None, **more}]})


def delta(**fields: object) -> bytes:
    return event({"choices": [{"index": 0, "delta": fields}]})


def finish(reason: str) -> bytes:
    return event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})


def event(document: object) -> bytes:
    return b"data: " + json.dumps(document).encode() + b"\n\n"


@dataclass
class Call:
    """One request that the vendor saw. `reply` writes raw bytes; nothing is added to them."""

    path: str
    headers: dict[str, str]
    body: dict[str, object]
    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader
    closes: bool = False

    async def reply(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0)

    async def status(self, status: int, body: bytes = b"", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Because", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.reply("\r\n".join([*lines, "", ""]).encode() + body)

    async def json(self, document: object, status: int = 200) -> None:
        await self.status(status, json.dumps(document).encode(), Content_Type="application/json")

    async def begin(self, content_type: str = "text/event-stream") -> None:
        """A 200 whose body lasts until the connection closes, which it does when the script ends."""
        self.closes = True
        await self.reply(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n".encode())

    async def stream(self, *pieces: bytes) -> None:
        await self.begin()
        await self.reply(*pieces)

    async def chunked(self, *pieces: bytes, whole: bool = True, content_type: str = "text/event-stream") -> None:
        """A 200 that keeps its connection, as vendors send theirs."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        await self.reply(head.encode())
        for piece in filter(None, pieces):  # an empty chunk would be the end
            await self.reply(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if whole:
            await self.reply(b"0\r\n\r\n")

    async def closed_by_caller(self) -> None:
        while await self.reader.read(4096):
            pass


Script = Callable[[Call], Awaitable[None]]


@dataclass
class VendorServer:
    """Answers with `script`; remembers what it was asked, and how many connections it saw."""

    script: Script
    base_url: str = ""
    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def route(self, api_key: str = "sk-test-1234567890", **fields: Any) -> Route:
        return Route(self.base_url, "openai", self.base_url, api_key, **fields)

    @property
    def bodies(self) -> list[dict[str, object]]:
        return [call.body for call in self.calls]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while (call := await _read_call(reader, writer)) is not None:
                self.calls.append(call)
                await self.script(call)
                if call.closes:
                    break
        except ConnectionError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def close_connections(self) -> None:
        for writer in list(self._open):
            writer.close()


async def _read_call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Call | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    raw = await reader.readexactly(int(headers.get("content-length", 0)))
    return Call(first.split()[1], headers, json.loads(raw) if raw else {}, writer, reader)


@asynccontextmanager
async def vendor(script: Script) -> AsyncIterator[VendorServer]:
    """A vendor that answers every request with `script`, on a free port of this machine."""
    made = VendorServer(script)
    server = await asyncio.start_server(made._serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    made.base_url = f"http://{host}:{port}/v1"
    try:
        yield made
    finally:
        server.close()
        made.close_connections()
        await server.wait_closed()


@contextmanager
def vendor_beside(script: Script) -> Iterator[VendorServer]:
    """The same in a thread of its own, for tests that are synchronous themselves."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serving = vendor(script)
    try:
        yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(5)
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def lister(*names: str, key: str = "sk-right-1234567890") -> Script:
    """A vendor that lists these models to who has the key."""

    async def answer(call: Call) -> None:
        if call.headers.get("authorization", "Bearer ") != f"Bearer {key}":
            await call.json({"error": {"message": "Incorrect API key provided"}}, 401)
        else:
            await call.json({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})

    return answer


def asking(text: str = "hello", model: str = "m", **fields: object) -> ModelRequest:
    return ModelRequest(model, (ChatMessage("user", (Text(text),)),), **fields)  # type: ignore[arg-type]
