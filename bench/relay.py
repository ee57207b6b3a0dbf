"""The floor: a bare relay that does as little as can be done in Python, and stores nothing.

It reads the vendor's events, decodes each, and sends it on over a WebSocket in Parley's socket protocol, as far as a crowd
needs it. Whatever Parley costs above it is the price of keeping its promise.

`python -m bench.relay --vendor http://127.0.0.1:P/v1 --model mock-150x30` prints `listening on PORT`. To prove that the judge
sees flaws, `--flaw drop|double|swap` spoils every 20th word.
"""

import argparse
import asyncio
import contextlib
import gc
import time
from typing import cast
from urllib.parse import urlsplit
from uuid import uuid4

import httptools
import orjson
import uvloop

from bench.frames import CLOSE, PING, PONG, TEXT, FrameReader, accept_key, frame
from bench.limits import raise_file_limit

SPOILED = 20


class VendorLine(asyncio.Protocol):
    """A connection to the vendor, used for one reply after another."""

    def __init__(self, relay: "Relay") -> None:
        self.relay = relay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def ask(self, body: bytes, answer: "Answer") -> None:
        """Send one call; its words go to the answer."""
        self.answer = answer
        self.rest = b""
        self.parser = httptools.HttpResponseParser(self)
        self.transport.write(self.relay.head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        *events, self.rest = (self.rest + body).split(b"\n\n")
        for event in events:
            if event == b"data: [DONE]":
                self.answer.send({"type": "finished", "reason": "stop"})
                continue
            for choice in orjson.loads(event[6:])["choices"]:
                if choice["delta"].get("content"):
                    self.answer.say(choice["delta"]["content"])

    def on_message_complete(self) -> None:
        self.relay.idle.append(self)


class Answer:
    """A reply on its way to a browser: numbers its events."""

    def __init__(self, door: "Door", flaw: str | None) -> None:
        self.door = door
        self.generation = str(uuid4())
        self.seq = 0
        self.words = 0
        self.flaw = flaw
        self.held = ""

    def say(self, text: str) -> None:
        """Send a word on, unless it is one to spoil."""
        self.words += 1
        if self.flaw is None or self.words % SPOILED:
            self.send({"type": "delta", "text": text + self.held})
            self.held = ""
        elif self.flaw == "double":
            self.send({"type": "delta", "text": text + text})
        elif self.flaw == "swap":
            self.held = text

    def send(self, event: dict[str, str]) -> None:
        """Send one event."""
        self.seq += 1
        message = {
            "type": "event",
            "generation": self.generation,
            "seq": self.seq,
            "at": int(time.time() * 1000),
            "event": event,
        }
        self.door.transport.write(frame(orjson.dumps(message)))


class Door(asyncio.Protocol):
    """A browser's socket."""

    def __init__(self, relay: "Relay") -> None:
        self.relay = relay
        self.head = b""
        self.reader: FrameReader | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self.reader is None:
            self.shake_hands(data)
            return
        for opcode, payload in self.reader.feed(data):
            if opcode == TEXT:
                self.command(orjson.loads(payload))
            elif opcode == PING:
                self.transport.write(frame(payload, PONG))
            elif opcode == CLOSE:
                self.transport.close()

    def shake_hands(self, data: bytes) -> None:
        """Switch to WebSocket, without asking who comes."""
        self.head += data
        if not self.head.endswith(b"\r\n\r\n"):
            return
        lines = (line.partition(b": ") for line in self.head.split(b"\r\n"))
        headers = {name.lower(): value for name, _, value in lines}
        accept = accept_key(headers[b"sec-websocket-key"])
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.reader = FrameReader()

    def command(self, command: dict[str, str]) -> None:
        """Acknowledge a post and call the vendor; a relay knows no other command."""
        if command["type"] != "message.post":
            return
        answer = Answer(self, self.relay.flaw)
        ids = {"conversation": command.get("conversation") or str(uuid4()), "message": str(uuid4())}
        ack = {"type": "ack", "ref": command.get("ref"), "key": command["key"], **ids}
        self.transport.write(frame(orjson.dumps(ack | {"answer": str(uuid4()), "generation": answer.generation})))
        self.relay.start(answer, command["parts"])


class Relay:
    """What all sockets share: where the vendor is, and its idle connections."""

    def __init__(self, vendor: str, model: str, flaw: str | None) -> None:
        parts = urlsplit(vendor)
        self.host, self.port, self.model, self.flaw = parts.hostname or "", parts.port or 80, model, flaw
        self.idle: list[VendorLine] = []
        self.asking: set[asyncio.Task[None]] = set()
        self.head = (
            f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer sk-relay\r\n"
            "Content-Type: application/json\r\n"
        ).encode()

    def start(self, answer: Answer, parts: object) -> None:
        """Call the vendor, over an idle connection where there is one."""
        messages = [{"role": "user", "content": parts}]
        body = orjson.dumps({"model": self.model, "stream": True, "messages": messages})
        if self.idle:
            self.idle.pop().ask(body, answer)
            return
        task = asyncio.create_task(self.dial(body, answer))
        self.asking.add(task)
        task.add_done_callback(self.asking.discard)

    async def dial(self, body: bytes, answer: Answer) -> None:
        """Call the vendor over a new connection."""
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: VendorLine(self), self.host, self.port)
        line.ask(body, answer)

    async def serve(self, port: int) -> None:
        """Listen, say where, and relay for ever."""
        server = await asyncio.get_running_loop().create_server(lambda: Door(self), "127.0.0.1", port, backlog=4096)
        print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


def main() -> None:
    """Relay until a signal comes."""
    parser = argparse.ArgumentParser(prog="bench.relay", description="A bare relay, the floor of all figures.")
    parser.add_argument("--vendor", required=True, help="base URL of the vendor, with /v1")
    parser.add_argument("--model", default="mock-150x30")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--flaw", choices=("drop", "double", "swap"), help="spoil every 20th word")
    options = parser.parse_args()
    raise_file_limit()
    gc.freeze()
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(Relay(options.vendor, options.model, options.flaw).serve(options.port))


if __name__ == "__main__":
    main()
