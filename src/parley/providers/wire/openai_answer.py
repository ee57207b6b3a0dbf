"""An answer of Chat Completions, from bytes to events: a stream as it comes, or one JSON document. Touches no network.

The hot path of Parley: `Reading.take` runs once for each chunk of each reply.
"""

import re
import secrets
from typing import Final, Literal, TypeGuard

import orjson

from parley.core.errors import EndpointBroken, EndpointError
from parley.providers.values import Finish, ReasoningDelta, Route, TextDelta, ToolCall, Usage, WireEvent
from parley.providers.wire.faults import WEB_PAGE, fault_of_event, host_of
from parley.providers.wire.sse import SseDecoder

BAD_LINES_TAKEN: Final = 20
DOCUMENT_LIMIT_BYTES: Final = 8 * 1024 * 1024
ANSWER_LIMIT_BYTES: Final = 128 * 1024 * 1024  # 256 Ki tokens at 500 bytes of JSON around each
FRUITLESS_LIMIT_BYTES: Final = 16 * 1024 * 1024  # in a row; some vendors send empty tokens while a model thinks
TOOL_CALLS_TAKEN: Final = 128
ARGUMENTS_LIMIT: Final = 256 * 1024  # letters, of all calls of one answer

Reason = Literal["stop", "length", "tool_calls", "filter"]

_REASONS: Final[dict[str, Reason]] = {
    "length": "length",
    "max_tokens": "length",
    "MAX_TOKENS": "length",
    "model_length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "tool_use": "tool_calls",
    "content_filter": "filter",
    "safety": "filter",
    "SAFETY": "filter",
}  # every other word, and there are many: the model was done

_BLANK: Final = b"\xef\xbb\xbf \t\r\n\0"
_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


class Reading:
    """Give it chunks until `ended`; it gives events. `fault` is why it ended early; the events before it still count.

    `begun`: something of the answer was given. `finishing`: the model is done; only a count of tokens may follow.
    """

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

    def __init__(self, route: Route) -> None:
        self._route = route
        self.begun = self.finishing = self.ended = False
        self.fault: EndpointError | None = None
        self._decoder = SseDecoder()
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
        elif first[:1] in b"{[":
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

    def _take_chunk(self, chunk: object) -> None:
        if type(chunk) is not dict:
            return
        if error := chunk.get("error"):
            self.fault, self.ended = fault_of_event(self._route, error), True
            return
        choices = chunk.get("choices")
        if type(choices) is list and choices and type(choices[0]) is dict:
            self._take_choice(choices[0])
        if usage := chunk.get("usage"):
            self._usage = _usage(usage) or self._usage

    def _take_choice(self, choice: dict[str, object]) -> None:
        index = choice.get("index")
        if type(index) is int and index > 0:
            return  # a second answer beside the first; nobody asked for one
        said = choice.get("delta") or choice.get("message")
        if type(said) is dict:
            content = said.get("content")
            if type(content) is str:
                if content:
                    self._say(content)
            elif content:
                self._say_parts(content)
            if content is None or len(said) > 1:
                self._take_rest(said)
        if (reason := choice.get("finish_reason")) and type(reason) is str:
            self._reason, self.finishing = _REASONS.get(reason, "stop"), True

    def _take_rest(self, said: dict[str, object]) -> None:
        """Whatever stands in a delta beside `content`."""
        thought = said.get("reasoning_content") or said.get("reasoning")
        if thought and type(thought) is str:
            self._think(thought)
        refusal = said.get("refusal")
        if refusal and type(refusal) is str:
            self._say(refusal)
        if calls := said.get("tool_calls"):
            self._calls.take(calls)
            if self._calls.overflowed:
                self._break("asked for tools without end")

    def _say_parts(self, content: object) -> None:
        """Mistral's reasoning models send a list of typed parts in place of a string."""
        if type(content) is not list:
            return
        for part in content:
            if type(part) is not dict:
                continue
            text, thought = part.get("text"), part.get("thinking")
            if type(text) is str and text:
                self._say(text)
            if type(thought) is list:
                thought = "".join(t["text"] for t in thought if type(t) is dict and type(t.get("text")) is str)
            if type(thought) is str and thought:
                self._think(thought)

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


class ToolCalls:
    """Calls gathered from their pieces. Vendors number them by `index`, by `id`, by both, wrongly, or not at all."""

    __slots__ = ("_calls", "letters", "overflowed")

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self.letters = 0
        self.overflowed = False

    def take(self, pieces: object) -> None:
        for piece in pieces if type(pieces) is list else [pieces]:
            if type(piece) is dict:
                self._take(piece)

    def _take(self, piece: dict[str, object]) -> None:
        function = piece.get("function")
        function = function if type(function) is dict else {}
        name, arguments = function.get("name"), function.get("arguments")
        call = self._call_for(piece.get("index"), piece.get("id"), starts=bool(name))
        if type(name) is str and not call.name:
            call.name = name[:200]
        if type(arguments) is dict:  # Ollama has sent the object itself
            arguments = orjson.dumps(arguments).decode()
        if type(arguments) is str:
            call.arguments.append(arguments)
            self.letters += len(arguments)
        self.overflowed = self.letters > ARGUMENTS_LIMIT or len(self._calls) > TOOL_CALLS_TAKEN

    def _call_for(self, index: object, call_id: object, *, starts: bool) -> "_Call":
        call_id = call_id[:200] if type(call_id) is str else ""
        number = index if type(index) is int else None
        for call in reversed(self._calls):
            same_id = call_id and call.id == call_id
            # Google numbers every call 0 and tells them apart by id.
            same_number = number is not None and call.index == number and not (call_id and call.id and starts)
            if same_id or same_number:
                call.id = call.id or call_id
                return call
        if number is None and not call_id and not starts and self._calls:
            return self._calls[-1]
        self._calls.append(_Call(number, call_id))
        return self._calls[-1]

    def whole(self) -> list[ToolCall]:
        """Calls with a name, in the order in which they began. An id is made for those that have none."""
        return [
            ToolCall(call.id or f"call_{secrets.token_hex(8)}", call.name, "".join(call.arguments) or "{}")
            for call in self._calls
            if call.name
        ]


class _Call:
    __slots__ = ("arguments", "id", "index", "name")

    def __init__(self, index: int | None, call_id: str) -> None:
        self.index, self.id, self.name = index, call_id, ""
        self.arguments: list[str] = []


def _usage(said: object) -> Usage | None:
    if type(said) is not dict:
        return None
    sent, written = said.get("prompt_tokens"), said.get("completion_tokens")
    # A count that is missing, negative or no number is no count: the engine estimates instead.
    return Usage(sent, written) if _is_count(sent) and _is_count(written) else None


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < 2**31
