"""One call on its way: writes HTTP and Server-Sent Events to the network, and counts what it wrote."""

import struct
import time
from asyncio import Transport
from functools import lru_cache
from http import HTTPStatus
from socket import SO_LINGER, SOL_SOCKET
from typing import Any
from zlib import crc32

import orjson

from bench.tokens import ACCENT, now_us, stamp
from bench.vendor.counters import QUESTION_LETTERS, Bill, Counters
from bench.vendor.scripts import Script

CREATED = 1_700_000_000
PHRASES = {status.value: status.phrase for status in HTTPStatus}
DONE = b"data: [DONE]\n\n"

Json = dict[str, Any]  # a foreign wire's JSON: its shape is checked where it is read


def chunk(model: str, delta: Json, finish: str | None = None) -> Json:
    """A `chat.completion.chunk` as OpenAI sends it."""
    return {
        "id": "chatcmpl-mock",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": model,
        "service_tier": "default",
        "system_fingerprint": "fp_mock",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }


def sse(body: object) -> bytes:
    """One server-sent event."""
    return b"data: " + orjson.dumps(body) + b"\n\n"


def framed(body: bytes) -> bytes:
    """One chunk of a chunked HTTP body."""
    return b"%x\r\n%b\r\n" % (len(body), body)


@lru_cache(maxsize=20_000)
def _word_around(model: str, number: int) -> tuple[bytes, bytes]:
    """The HTTP chunk of a word, before and after its stamp. All that a token costs is putting the stamp in between."""
    hole = b"\x00" * 6
    event = sse(chunk(model, {"content": f" w{number}.@"})).replace(b"@", hole)
    before, after = framed(event).split(hole)
    return before, after


class Call:
    """One POST to `chat/completions`, and the words of its reply so far."""

    def __init__(
        self, transport: Transport, counters: Counters, key: str, model: str, script: Script, body: Json
    ) -> None:
        self.transport = transport
        self.counters = counters
        self.key = key
        self.model = model
        self.script = script
        self.body = body
        self.words = 0
        self.ended = False
        self.digest = 0
        prompt_tokens = self.prompt_tokens
        self.bill = Bill(question_of(body), model, prompt_tokens, time.time())
        counters.bills.append(self.bill)
        counters.keys[key].calls += 1
        counters.keys[key].prompt_tokens += prompt_tokens
        counters.open += 1

    @property
    def prompt_tokens(self) -> int:
        """Words of all messages, as this vendor counts them."""
        return sum(len(text.split()) for text in map(text_of, self.body.get("messages", [])))

    def respond(self, status: int, body: bytes, *, kind: str = "application/json", extra: str = "") -> None:
        """Answer in one piece."""
        self.transport.write(response(status, body, kind=kind, extra=extra))
        self.end()

    def refuse(self, status: int, message: str, code: str, *, extra: str = "") -> None:
        """Answer with an error in OpenAI's form."""
        error = {"message": message, "type": "invalid_request_error" if status < 500 else "server_error", "code": code}
        self.bill.close("refused")
        self.respond(status, orjson.dumps({"error": error}), extra=extra)

    def open_stream(self) -> None:
        """Send the headers and the empty first chunk that names the role."""
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            b"Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        self.event(chunk(self.model, {"role": "assistant", "content": ""}))

    def event(self, body: Json) -> None:
        """Send one event."""
        self.raw(sse(body))

    def raw(self, data: bytes) -> None:
        """Send bytes as they are, as one chunk of the HTTP body."""
        self.transport.write(framed(data))

    def word(self, number: int) -> None:
        """Send word `number`, stamped with this moment. The hot line of the vendor."""
        before, after = _word_around(self.model, number)
        sent = stamp(now_us())
        self.transport.write(before + sent + after)
        self._count(sent)

    def split_word(self, number: int) -> tuple[bytes, bytes]:
        """Word `number` with its accent, in two pieces that meet inside a character."""
        sent = stamp(now_us())
        event = sse(chunk(self.model, {"content": f" w{number}.{sent.decode()}{ACCENT}"}))
        self._count(sent)
        middle = event.index(ACCENT.encode()) + 4
        return event[:middle], event[middle:]

    def words_at_once(self, first: int, last: int) -> str:
        """The text of a whole reply, counted as sent now: for a call that does not stream."""
        said = []
        for number in range(first, last):
            sent = stamp(now_us())
            said.append(f" w{number}.{sent.decode()}")
            self._count(sent)
        return "".join(said)

    def say(self, text: str) -> None:
        """Send a word that is not numbered."""
        self.event(chunk(self.model, {"content": text}))
        self._count(b"")

    def _count(self, sent: bytes) -> None:
        self.words += 1
        self.bill.tokens += 1
        self.digest = crc32(sent, self.digest)
        self.counters.keys[self.key].tokens += 1

    def usage(self) -> Json:
        """What OpenAI would bill for."""
        prompt = self.prompt_tokens
        return {"prompt_tokens": prompt, "completion_tokens": self.words, "total_tokens": prompt + self.words}

    def finish(self, reason: str) -> None:
        """Name the reason, the usage when it was asked for, and end the reply properly."""
        self.event(chunk(self.model, {}, reason))
        options = self.body.get("stream_options") or {}
        if options.get("include_usage"):
            self.bill.is_told = True
            self.event(chunk(self.model, {}) | {"choices": [], "usage": self.usage()})
        self.raw(DONE)
        self.close_body()

    def close_body(self) -> None:
        """End the HTTP body; the connection stays."""
        self.transport.write(b"0\r\n\r\n")
        self.end()

    def cut(self) -> None:
        """Close the connection where it stands."""
        self.end()
        self.transport.close()

    def reset(self) -> None:
        """Close the connection with a TCP reset."""
        self.end()
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def end(self) -> None:
        """Note that this reply is over by the vendor's own will."""
        if not self.ended:
            self.ended = True
            self.counters.open -= 1
            self.counters.keys[self.key].ended += 1
            if self.bill.end == "open":
                self.bill.close("ended")
            if self.words:
                self.counters.digests.append(self.digest)

    def lost(self) -> None:
        """Note that the peer went away."""
        if not self.ended:
            self.ended = True
            self.counters.open -= 1
            self.counters.closed(self.key, self.model, self.words)
            self.bill.close("left")


def question_of(body: Json) -> str:
    """The beginning of the last thing that the user said."""
    for message in reversed(body.get("messages") or []):
        if message.get("role") == "user":
            return text_of(message)[:QUESTION_LETTERS]
    return ""


def text_of(message: Json) -> str:
    """The text of a message of the request, whether it came as a string or as parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)


def response(status: int, body: bytes, *, kind: str = "application/json", extra: str = "") -> bytes:
    """A whole HTTP response."""
    phrase = PHRASES.get(status, "Overloaded")
    head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body
