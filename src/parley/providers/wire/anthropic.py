"""The `anthropic` wire: the Messages API. https://docs.claude.com/en/api/messages

Two things differ from most: the prompt's end may be marked, so that the next call finds it in the vendor's cache, and a
thought is signed, and must go back with the tool call it led to.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import aiohttp
import orjson

from parley.providers.profiles import profile_of
from parley.providers.values import ChatMessage, Effort, Image, ModelRequest, Parameters, Route, Text, ToolCall, Usage
from parley.providers.wire.base import ListedModel
from parley.providers.wire.calls import HttpWire, Json, address, no_list
from parley.providers.wire.pictures import picture_of
from parley.providers.wire.reading import Reading, Reason, count_of, is_count

HOST: Final = "api.anthropic.com"
VERSION: Final = "2023-06-01"
PAGE: Final = 1000  # models in one answer; the vendor's most
MOST_OUTPUT: Final = 32_000  # asked for where nobody says; some answers must have a limit here
BUDGETS: Final[Mapping[Effort, int]] = {"low": 2048, "medium": 8192, "high": 24_576}
CACHED: Final[Json] = {"type": "ephemeral"}
EXTRAS: Final = frozenset({"top_k", "metadata", "service_tier", "thinking", "output_config"})
THOUGHTS_KEPT: Final = 128 * 1024  # letters of signed thoughts that go back with a tool call

_REASONS: Final[dict[str, Reason]] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "filter",
}  # end_turn, stop_sequence, pause_turn and whatever comes: the model was done


class Anthropic(HttpWire):
    """See `base.Wire`."""

    optional_together: ClassVar = (
        frozenset({"temperature"}),
        frozenset({"top_p"}),
        frozenset({"thinking"}),
        frozenset({"output_config"}),
    )

    def url(self, route: Route, request: ModelRequest) -> str:
        return address(route.base_url, "/messages")

    def headers(self, route: Route) -> Mapping[str, str]:
        named = {"anthropic-version": VERSION}
        if not route.api_key:
            return named
        named["Authorization"] = f"Bearer {route.api_key}"  # as the vendor's own SDK does since its second version
        if urlsplit(route.base_url).hostname != HOST:
            named["x-api-key"] = route.api_key  # the older way, which is all that some compatible servers know
        return named

    def body(self, route: Route, request: ModelRequest) -> Json:
        return body_of(request)

    def reading(self, route: Route, request: ModelRequest) -> Reading:
        return MessagesReading(route, already_said=_blank_end(request))

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        document = await self.get(session, route, address(route.base_url, f"/models?limit={PAGE}"))
        items = document.get("data") if isinstance(document, dict) else None
        if not isinstance(items, list):
            raise no_list(route)
        return [model for item in items if isinstance(item, dict) and (model := _listed(item)).name]


# --- What is asked ----------------------------------------------------------------------------------------------------


def body_of(request: ModelRequest) -> Json:
    """Raises `EndpointRejected` for an image that is not inside the message."""
    chosen = request.parameters
    body: Json = {name: value for name, value in chosen.extra.items() if name in EXTRAS}
    body |= {"model": request.model, "messages": _messages(request), "stream": True}
    body |= _sampling(request)
    if system := _system(request):
        body["system"] = system
    if request.tools:
        body["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.parameters or {"type": "object"}}
            for tool in request.tools
        ]
        if choice := _tool_choice(chosen.tool_choice):
            body["tool_choice"] = choice
    return body


def _sampling(request: ModelRequest) -> Json:
    chosen, profile = request.parameters, profile_of(request.model)
    most = chosen.max_tokens or min(profile.max_output, MOST_OUTPUT)
    effort = chosen.reasoning
    thinks = effort not in (None, "none") and profile.thinking != "no" and not request.continue_last
    if _may_not_think(request, adaptive=profile.thinking == "adaptive"):
        thinks = False
    body: Json = {"max_tokens": most}
    config: Json = {}
    if thinks and profile.thinking == "adaptive":
        body["thinking"] = {"type": "adaptive", "display": "summarized"}
        config["effort"] = effort
    elif thinks and effort is not None:
        budget = BUDGETS[effort]
        # The budget is part of max_tokens: what the caller wanted to read comes on top.
        body |= {"thinking": {"type": "enabled", "budget_tokens": budget}, "max_tokens": most + budget}
    elif profile.sampling:
        body |= _warmth(chosen)
    if schema := _schema(chosen.response_format):
        config["format"] = {"type": "json_schema", "schema": schema}
    if config:
        body["output_config"] = config
    if words := [word for word in chosen.stop if word.strip()]:
        body["stop_sequences"] = words
    return body


def _may_not_think(request: ModelRequest, *, adaptive: bool) -> bool:
    """The vendor refuses thinking where a tool is forced, and, of models that think by a budget, where the last call of a tool
    came back without its thoughts: from a caller who keeps none, or from another vendor's model."""
    choice = _tool_choice(request.parameters.tool_choice)
    if request.tools and choice and choice["type"] in ("any", "tool"):
        return True
    last = next((message for message in reversed(request.messages) if message.role == "assistant"), None)
    return bool(not adaptive and last and last.tool_calls and not _thoughts_of(last.tool_calls[0]))


def _warmth(chosen: Parameters) -> Json:
    """Temperature or top_p, since newer models refuse both together; the scale ends at 1."""
    if chosen.temperature is not None:
        return {"temperature": min(chosen.temperature, 1.0)}
    return {} if chosen.top_p is None else {"top_p": chosen.top_p}


def _schema(wanted: Mapping[str, Any] | None) -> object:  # Any: a caller's JSON
    named = (wanted or {}).get("json_schema")
    return named.get("schema") if isinstance(named, dict) else None


def _tool_choice(wanted: str | Mapping[str, Any] | None) -> Json | None:  # Any: a caller's JSON
    if isinstance(wanted, Mapping):
        function = wanted.get("function")
        name = function.get("name") if isinstance(function, dict) else wanted.get("name")
        return {"type": "tool", "name": name} if name else None
    kind = {"auto": "auto", "none": "none", "required": "any"}.get(wanted or "")
    return {"type": kind} if kind else None


def _system(request: ModelRequest) -> list[Json]:
    texts = [part.text for m in request.messages if m.role == "system" for part in m.content if isinstance(part, Text)]
    blocks: list[Json] = [{"type": "text", "text": text} for text in texts if text.strip()]
    if blocks:
        blocks[-1]["cache_control"] = CACHED  # covers the tools as well, which stand before it
    return blocks


def _messages(request: ModelRequest) -> list[Json]:
    """Neighbours of one role become one message: results of several tools must come back together."""
    told: list[Json] = []
    blocks: list[Json] = []
    marked = _cached_message(request)
    for message in request.messages:
        if message.role == "system":
            continue
        role = "assistant" if message.role == "assistant" else "user"
        if not told or told[-1]["role"] != role:
            blocks = []
            told.append({"role": role, "content": blocks})
        blocks += _blocks(message)
        if message is marked and blocks:
            blocks[-1] = blocks[-1] | {"cache_control": CACHED}
    if request.continue_last and blocks and (text := str(blocks[-1].get("text", "")).rstrip()):
        blocks[-1] = {"type": "text", "text": text}  # the vendor refuses one that ends in a blank
    return [message for message in told if message["content"]]


def _cached_message(request: ModelRequest) -> ChatMessage | None:
    """The last message that the next call will repeat letter by letter: passages stand in the newest question only."""
    asked = [message for message in request.messages if message.role in ("user", "tool")]
    if not request.passages:
        return asked[-1] if asked and len(asked) > 1 else None
    return asked[-2] if len(asked) > 1 else None


def _blocks(message: ChatMessage) -> Iterable[Json]:
    if message.role == "tool":
        text = "".join(part.text for part in message.content if isinstance(part, Text))
        yield {"type": "tool_result", "tool_use_id": message.tool_call_id, "content": text}
        return
    for call in message.tool_calls[:1]:
        yield from _thoughts_of(call)
    for part in message.content:
        if isinstance(part, Image):
            kind, data = picture_of(part)
            yield {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}
        elif part.text.strip():  # the vendor refuses blank ones
            yield {"type": "text", "text": part.text}
    for call in message.tool_calls:
        yield {"type": "tool_use", "id": call.id, "name": call.name, "input": _arguments(call)}


def _thoughts_of(call: ToolCall) -> list[Json]:
    """What `MessagesReading` put into the call, if it was this wire's."""
    try:
        blocks = orjson.loads(call.opaque)
    except orjson.JSONDecodeError:
        return []
    known = (block for block in blocks if isinstance(block, dict)) if isinstance(blocks, list) else ()
    return [block for block in known if block.get("type") in ("thinking", "redacted_thinking")]


def _arguments(call: ToolCall) -> object:
    try:
        arguments = orjson.loads(call.arguments)
    except orjson.JSONDecodeError:
        return {}
    return arguments if isinstance(arguments, dict) else {}


def _blank_end(request: ModelRequest) -> str:
    """The blanks that were taken from the end of a message to be continued: the model may say them again."""
    if not request.continue_last:
        return ""
    last = request.messages[-1].content
    text = last[-1].text if last and isinstance(last[-1], Text) else ""
    return text[len(text.rstrip()) :]


# --- What is answered -------------------------------------------------------------------------------------------------


class MessagesReading(Reading):
    """See `Reading`. Blocks come one after another, each with its number, then the end of the message with its counts."""

    __slots__ = ("_already_said", "_counts", "_thoughts")

    def __init__(self, route: Route, already_said: str = "") -> None:
        super().__init__(route)
        self._already_said = already_said
        self._counts: dict[str, int] = {}
        self._thoughts: dict[object, Json] = {}

    def _take_chunk(self, chunk: object) -> None:
        if type(chunk) is not dict:
            return
        kind = chunk.get("type")
        if kind == "content_block_delta":
            self._take_delta(chunk.get("index"), chunk.get("delta"))
        elif kind == "content_block_start":
            self._take_block(chunk.get("index"), chunk.get("content_block"))
        elif kind == "message_start":
            message = chunk.get("message")
            if type(message) is dict:
                self._count_early(self._counted(message.get("usage")))
        elif kind == "message_delta":
            self._usage = self._counted(chunk.get("usage")) or self._usage
            self._take_end(chunk.get("delta"))
        elif kind == "message_stop":
            self._take_stop()
        elif kind == "message":
            self._take_whole(chunk)
        elif "error" in chunk:
            self._fail(chunk["error"])

    def _take_delta(self, index: object, delta: object) -> None:
        if type(delta) is not dict:
            return
        text = delta.get("text")
        if type(text) is str:
            if self._already_said:
                text = self._without_lead(text)
            if text:
                self._say(text)
        elif type(thought := delta.get("thinking")) is str:
            self._think_signed(index, thought)
        elif type(signature := delta.get("signature")) is str:
            self._sign(index, signature)
        elif type(piece := delta.get("partial_json")) is str and piece:
            self._gather(_number(index), None, None, piece)

    def _take_block(self, index: object, block: object) -> None:
        if type(block) is not dict:
            return
        kind = block.get("type")
        if kind == "tool_use":
            given = block.get("input")  # empty in a stream, whole in a document
            number = _number(index)
            self._gather(number, block.get("id"), block.get("name"), given or None, opaque=self._kept_thoughts())
        elif kind == "text":
            self._take_delta(index, block)
        elif kind == "thinking":
            self._think_signed(index, block.get("thinking"))
            self._sign(index, block.get("signature"))
        elif kind == "redacted_thinking" and type(block.get("data")) is str:
            self._thoughts[_number(index)] = {"type": kind, "data": block["data"]}

    def _take_end(self, delta: object) -> None:
        reason = delta.get("stop_reason") if type(delta) is dict else None
        if type(reason) is str:
            self._finish(_REASONS.get(reason, "stop"))

    def _take_stop(self) -> None:
        """The end of the stream; without a reason before it, it is one all the same."""
        if self._reason is None:
            self._finish("stop")
        self.ended = True

    def _take_whole(self, message: dict[str, object]) -> None:
        """A proxy that does not stream."""
        blocks = message.get("content")
        for index, block in enumerate(blocks if type(blocks) is list else ()):
            self._take_block(index, block)
        self._usage = self._counted(message.get("usage")) or self._usage
        self._take_end(message)

    def _without_lead(self, text: str) -> str:
        """The text without the blanks that stand before it already."""
        lead = self._already_said
        while lead and text and text[0] == lead[0]:
            lead, text = lead[1:], text[1:]
        self._already_said = "" if text else lead  # a piece may bring only some of them
        return text

    def _think_signed(self, index: object, thought: object) -> None:
        if type(thought) is not str:
            return
        block = self._thoughts.setdefault(_number(index), {"type": "thinking", "thinking": "", "signature": ""})
        if "thinking" in block and len(str(block["thinking"])) < THOUGHTS_KEPT:
            block["thinking"] = str(block["thinking"]) + thought
        if thought:
            self._think(thought)

    def _sign(self, index: object, signature: object) -> None:
        block = self._thoughts.get(_number(index))
        if type(signature) is str and block is not None and "signature" in block:
            block["signature"] = str(block["signature"]) + signature[:THOUGHTS_KEPT]

    def _kept_thoughts(self) -> str:
        """Thoughts that are signed and whole, as the vendor wants them back before the call. Each goes back once."""
        kept = [block for block in self._thoughts.values() if block.get("signature") or block.get("data")]
        self._thoughts = {}
        if not kept:
            return ""
        try:
            return orjson.dumps(kept).decode()
        except orjson.JSONEncodeError:
            return ""

    def _counted(self, said: object) -> Usage | None:
        """Counts are cumulative, and a later event may leave out what an earlier one told."""
        if type(said) is not dict:
            return None
        for name in ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"):
            if is_count(count := said.get(name)):
                self._counts[name] = count
        if "input_tokens" not in self._counts or "output_tokens" not in self._counts:
            return None
        cached = self._counts.get("cache_read_input_tokens", 0)
        whole = self._counts["input_tokens"] + cached + self._counts.get("cache_creation_input_tokens", 0)
        return Usage(min(whole, 2**31 - 1), self._counts["output_tokens"], min(cached, whole))


def _number(index: object) -> int:
    return index if type(index) is int else 0


def _listed(item: dict[str, Any]) -> ListedModel:  # Any: the vendor's JSON
    name = item.get("id")
    label = item.get("display_name")
    window = count_of(item, "max_input_tokens")
    can = item.get("capabilities")
    return ListedModel(
        name=name[:200] if isinstance(name, str) else "",
        label=label[:200] if isinstance(label, str) else "",
        context_window=window or None,
        vision=_supported(can, "image_input"),
        chats=item.get("lifecycle") != "retired",
        tools=True,
    )


def _supported(can: object, name: str) -> bool | None:
    said = can.get(name) if isinstance(can, dict) else None
    said = said.get("supported") if isinstance(said, dict) else said
    return said if isinstance(said, bool) else None
