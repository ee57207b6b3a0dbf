"""An answer of any wire, from bytes to events: what all dialects share. Touches no network.

The hot path of Parley: `Reading.take` runs once for each chunk of each reply. A wire fills in `_take_chunk`.
"""

import re
from typing import ClassVar, Final, Literal, Protocol, TypeGuard

import orjson

from parley.core.errors import EndpointBroken, EndpointError
from parley.providers.values import Finish, ReasoningDelta, Route, TextDelta, Usage, WireEvent
from parley.providers.wire.faults import WEB_PAGE, fault_of_event, host_of
from parley.providers.wire.sse import SseDecoder
from parley.providers.wire.tool_calls import ToolCalls

BAD_LINES_TAKEN: Final = 20
DOCUMENT_LIMIT_BYTES: Final = 8 * 1024 * 1024
ANSWER_LIMIT_BYTES: Final = 128 * 1024 * 1024  # 256 Ki tokens at 500 bytes of JSON around each
FRUITLESS_LIMIT_BYTES: Final = 16 * 1024 * 1024  # in a row; some vendors send empty tokens while a model thinks

Reason = Literal["stop", "length", "tool_calls", "filter"]

_BLANK: Final = b"\xef\xbb\xbf \t\r\n\0"
_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


class Decoder(Protocol):
    """Cuts bytes into the JSON of single events. Never raises; `overflowed` tells of a line without end."""

    overflowed: bool

    def feed(self, chunk: bytes) -> list[bytes]: ...

    def end(self) -> list[bytes]: ...


class Reading:
    """Give it chunks until `ended`; it gives events. `fault` is why it ended early; the events before it still count.

    `begun`: something of the answer was given. `finishing`: the model is done; only a count of tokens may follow.
    """

    opens_document: ClassVar[bytes] = b"{["
    """First letters of an answer that is one JSON document and no stream."""

    __slots__ = (
        "_bad_lines",
        "_calls",
        "_decoder",
        "_document",
        "_events",
        "_fruitless_bytes",
        "_head",
        "_reason",
        "_route",
        "_taken_bytes",
        "_usage",
        "begun",
        "ended",
        "fault",
        "finishing",
    )

    def __init__(self, route: Route, decoder: Decoder | None = None) -> None:
        self._route = route
        self.begun = self.finishing = self.ended = False
        self.fault: EndpointError | None = None
        self._decoder: Decoder = decoder or SseDecoder()
        self._head: bytes | None = b""  # until it shows what kind of answer this is
        self._document: list[bytes] | None = None
        self._taken_bytes = self._fruitless_bytes = 0
        self._bad_lines = 0
        self._events: list[WireEvent] = []
        self._calls = ToolCalls()
        self._usage: Usage | None = None
        self._reason: Reason | None = None

    def take(self, chunk: bytes) -> list[WireEvent]:
        """The events that `chunk` brings, neighbouring deltas merged. An empty chunk is the end of the answer."""
        self._taken_bytes += len(chunk)
        if self._head is not None:
            chunk = self._look_at_head(chunk)
        if self._document is not None:
            self._take_document(chunk)
        elif chunk:
            letters = self._calls.letters
            self._take_all(self._decoder.feed(chunk))
            bears_fruit = bool(self._events) or self._calls.letters != letters
            self._fruitless_bytes = 0 if bears_fruit else self._fruitless_bytes + len(chunk)
            self._check_limits()
        elif self._head is None and not self.ended:
            self._take_all(self._decoder.end())
            self._end_of_bytes()
        if not self._events:
            return []
        self.begun = True
        events, self._events = self._events, []
        return events

    def close(self) -> list[WireEvent]:
        """What stands at the end: tool calls, usage, Finish. After a fault only the usage, which was paid for."""
        events: list[WireEvent] = [self._usage] if self._usage else []
        if self.fault is not None:
            return events
        calls = self._calls.whole()
        reason = self._reason or "stop"
        return [*calls, *events, Finish("tool_calls" if calls and reason == "stop" else reason)]

    def _take_chunk(self, chunk: object) -> None:
        """One event of the stream, or the whole document: the dialect. Must take any JSON whatever, and never raise."""
        raise NotImplementedError

    # --- What kind of answer ------------------------------------------------------------------------------------------

    def _look_at_head(self, chunk: bytes) -> bytes:
        """Tell a stream from a JSON document, a web page and compressed bytes, whatever the Content-Type claims."""
        assert self._head is not None
        head = self._head + chunk
        first = head.lstrip(_BLANK)[:2]
        if not first:
            self._head = head[-3:]
            if not chunk or self._taken_bytes > 1024 * 1024:
                self._break("closed its answer without a word")
            return b""
        self._head = None
        if first[:1] == b"<":
            self.fault, self.ended = EndpointBroken(f"{host_of(self._route)}: {WEB_PAGE}"), True
        elif first == b"\x1f\x8b":
            self._break("sent compressed bytes without saying so")
        elif first[:1] in self.opens_document:
            self._document = []
        return b"" if self.ended else head

    def _take_document(self, chunk: bytes) -> None:
        assert self._document is not None
        if self._taken_bytes > DOCUMENT_LIMIT_BYTES:
            self._break("sent an endless answer")
        elif chunk:
            self._document.append(chunk)
        elif not self.ended:
            # Google wraps an error in a list of one.
            whole = b"".join(self._document).strip(_BLANK).removeprefix(b"[").removesuffix(b"]")
            self._take_all([whole])
            if not self.ended and not self._reason and not self._events:
                self._break("sent something else than an answer")
            self.ended = True

    def _end_of_bytes(self) -> None:
        if not self.ended and self._reason is None:
            self._break("cut its answer off before the end")
        self.ended = True

    def _check_limits(self) -> None:
        if self.ended:
            return
        if self._decoder.overflowed:
            self._break("sent an endless line")
        elif self._taken_bytes > ANSWER_LIMIT_BYTES or self._fruitless_bytes > FRUITLESS_LIMIT_BYTES:
            self._break("sent an endless answer")

    def _break(self, did: str) -> None:
        self.fault = EndpointBroken(f"{host_of(self._route)} {did}. What had arrived is kept; retry or continue.")
        self.ended = True

    def _fail(self, error: object) -> None:
        """An error object inside the 200."""
        self.fault, self.ended = fault_of_event(self._route, error), True

    # --- One event of the stream --------------------------------------------------------------------------------------

    def _take_all(self, datas: list[bytes]) -> None:
        for data in datas:
            if self.ended:
                return
            if data == b"[DONE]":
                self.ended = True
                return
            try:
                chunk = orjson.loads(data)
            except orjson.JSONDecodeError:
                self._take_bad(data)
            else:
                self._take_chunk(chunk)

    def _take_bad(self, data: bytes) -> None:
        """Bytes that are no JSON, or not quite: letters cut in two, lines that should have been events of their own."""
        text = data.decode("utf-8", "replace")
        try:
            self._take_chunk(orjson.loads(_LONE_SURROGATE.sub(r"\\ufffd", text)))
            return
        except orjson.JSONDecodeError:
            pass
        lines = data.split(b"\n")
        if len(lines) > 1:
            self._take_all(lines)
            return
        if data.strip() == b"[DONE]":
            self.ended = True
            return
        self._bad_lines += 1
        if self._bad_lines > BAD_LINES_TAKEN:
            self._break("sent garbage")

    def _gather(self, index: object, call_id: object, name: object, arguments: object, *, opaque: str = "") -> None:
        """A piece of a tool call, as `ToolCalls.take`."""
        self._calls.take(index, call_id, name, arguments, opaque=opaque)
        if self._calls.overflowed:
            self._break("asked for tools without end")

    def _finish(self, reason: Reason) -> None:
        self._reason, self.finishing = reason, True

    def _count_early(self, usage: Usage | None) -> None:
        """What the vendor counted before its answer had ended, so that one that is cut or stopped costs what it cost."""
        if usage is not None and self._usage is None:
            self._events.append(Usage(usage.input_tokens, usage.output_tokens, usage.cached_tokens, so_far=True))
        self._usage = usage or self._usage

    def _say(self, text: str) -> None:
        if "\0" in text:  # PostgreSQL stores no NUL, and nobody misses it
            text = text.replace("\0", "\ufffd")
        events = self._events
        if events and type(last := events[-1]) is TextDelta:
            events[-1] = TextDelta(last.text + text, last.pieces + 1)
        else:
            events.append(TextDelta(text))

    def _think(self, text: str) -> None:
        text = text.replace("\0", "\ufffd")
        events = self._events
        if events and type(last := events[-1]) is ReasoningDelta:
            events[-1] = ReasoningDelta(last.text + text, last.pieces + 1)
        else:
            events.append(ReasoningDelta(text))


def is_count(value: object) -> TypeGuard[int]:
    """A count that is missing, negative or no number is no count: the engine estimates instead."""
    return type(value) is int and 0 <= value < 2**31


def count_of(said: object, name: str) -> int:
    """A count inside of counts, or 0."""
    value = said.get(name) if type(said) is dict else None
    return value if is_count(value) else 0
