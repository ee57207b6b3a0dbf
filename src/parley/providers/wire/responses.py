"""The `responses` wire: OpenAI's newer API. https://platform.openai.com/docs/api-reference/responses

Nothing is kept at the vendor (`store: false`), so what a model thought before it called a tool comes sealed, and goes back.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

import aiohttp
import orjson

from parley.providers.profiles import profile_of
from parley.providers.values import ChatMessage, Image, ModelRequest, Route, Text, ToolCall, Usage
from parley.providers.wire.base import ListedModel
from parley.providers.wire.calls import HttpWire, Json, address, no_list
from parley.providers.wire.openai_models import listed_models
from parley.providers.wire.pictures import data_url_of
from parley.providers.wire.reading import Reading, count_of, is_count

EXTRAS: Final = frozenset({"metadata", "user", "safety_identifier", "service_tier", "prompt_cache_key", "truncation"})
THOUGHTS_KEPT: Final = 64  # sealed thoughts that go back with a tool call


class Responses(HttpWire):
    """See `base.Wire`."""

    optional_together: ClassVar = (
        frozenset({"reasoning", "include"}),  # summaries of thoughts are for organisations that the vendor knows
        frozenset({"temperature"}),
        frozenset({"top_p"}),
        frozenset({"text"}),
        frozenset({"store"}),
    )

    def url(self, route: Route, request: ModelRequest) -> str:
        return address(route.base_url, "/responses")

    def headers(self, route: Route) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {route.api_key}"} if route.api_key else {}

    def body(self, route: Route, request: ModelRequest) -> Json:
        return body_of(request)

    def reading(self, route: Route, request: ModelRequest) -> Reading:
        return ResponseReading(route)

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        try:
            return listed_models(await self.get(session, route, address(route.base_url, "/models")))
        except ValueError:
            raise no_list(route) from None


# --- What is asked ----------------------------------------------------------------------------------------------------


def body_of(request: ModelRequest) -> Json:
    """Raises `EndpointRejected` for an image that is not inside the message."""
    chosen, profile = request.parameters, profile_of(request.model)
    body: Json = {name: value for name, value in chosen.extra.items() if name in EXTRAS}
    body |= {
        "model": request.model,
        "input": [item for message in request.messages for item in _items(message)],
        "stream": True,
        "store": False,
    }
    named: Json = {
        "max_output_tokens": chosen.max_tokens,
        "temperature": chosen.temperature if profile.sampling else None,
        "top_p": chosen.top_p if profile.sampling else None,
        "tool_choice": _tool_choice(chosen.tool_choice),
        "text": _format(chosen.response_format),
    }
    if profile.thinking != "no":
        effort = {"effort": chosen.reasoning} if chosen.reasoning not in (None, "none") else {}
        named |= {"reasoning": {**effort, "summary": "auto"}, "include": ["reasoning.encrypted_content"]}
    if request.tools:
        named["tools"] = [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
                "strict": False,  # strict schemas know no optional field, and most of ours have some
            }
            for tool in request.tools
        ]
    return body | {name: value for name, value in named.items() if value is not None}


def _tool_choice(wanted: str | Mapping[str, Any] | None) -> object:  # Any: a caller's JSON
    if isinstance(wanted, Mapping):
        function = wanted.get("function")
        name = function.get("name") if isinstance(function, dict) else wanted.get("name")
        return {"type": "function", "name": name} if name else None
    return wanted or None


def _format(wanted: Mapping[str, Any] | None) -> Json | None:  # Any: a caller's JSON
    if not wanted:
        return None
    named = wanted.get("json_schema")
    if wanted.get("type") == "json_schema" and isinstance(named, dict):
        return {"format": {"type": "json_schema", "name": "answer", **named}}
    return {"format": {"type": "json_object"}} if wanted.get("type") == "json_object" else None


def _items(message: ChatMessage) -> Iterable[Json]:
    if message.role == "tool":
        text = "".join(part.text for part in message.content if isinstance(part, Text))
        yield {"type": "function_call_output", "call_id": message.tool_call_id, "output": text}
        return
    if content := [_content(part, by=message.role) for part in message.content]:
        role = "developer" if message.role == "system" else message.role
        yield {"type": "message", "role": role, "content": content}
    for call in message.tool_calls:
        yield from _thoughts_of(call)
        yield {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}


def _content(part: Text | Image, *, by: str) -> Json:
    if isinstance(part, Text):
        return {"type": "output_text" if by == "assistant" else "input_text", "text": part.text}
    return {"type": "input_image", "image_url": data_url_of(part), "detail": "auto"}


def _thoughts_of(call: ToolCall) -> list[Json]:
    """What `ResponseReading` put into the call, if it was this wire's."""
    try:
        items = orjson.loads(call.opaque)
    except orjson.JSONDecodeError:
        return []
    known = (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
    return [item for item in known if item.get("type") == "reasoning"]


# --- What is answered -------------------------------------------------------------------------------------------------


class ResponseReading(Reading):
    """See `Reading`. Of some fifty kinds of events those that carry words, whole items and the end are read."""

    __slots__ = ("_thoughts",)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self._thoughts: list[Json] = []

    def _take_chunk(self, chunk: object) -> None:
        if type(chunk) is not dict:
            return
        kind = chunk.get("type")
        if kind == "response.output_text.delta" or kind == "response.refusal.delta":
            if type(text := chunk.get("delta")) is str and text:
                self._say(text)
        elif kind in ("response.reasoning_summary_text.delta", "response.reasoning_text.delta"):
            if type(thought := chunk.get("delta")) is str and thought:
                self._think(thought)
        elif kind == "response.reasoning_summary_part.added":
            self._part_thoughts(chunk.get("summary_index"))
        elif kind == "response.output_item.done":
            self._take_item(chunk.get("item"))
        elif kind in ("response.completed", "response.incomplete", "response.failed"):
            self._take_end(chunk.get("response"))
        elif kind == "error":
            self._fail(chunk.get("error") or chunk)
        elif chunk.get("object") == "response":
            self._take_whole(chunk)
        elif error := chunk.get("error"):
            self._fail(error)

    def _part_thoughts(self, index: object) -> None:
        if type(index) is int and index > 0:
            self._think("\n\n")

    def _take_item(self, item: object) -> None:
        if type(item) is not dict:
            return
        if item.get("type") == "function_call":
            opaque, self._thoughts = self._thoughts, []
            self._gather(None, item.get("call_id"), item.get("name"), item.get("arguments"), opaque=_dumped(opaque))
        elif item.get("type") == "reasoning" and type(item.get("encrypted_content")) is str:
            kept = {name: item[name] for name in ("type", "id", "summary", "encrypted_content") if name in item}
            self._thoughts = [*self._thoughts, kept][-THOUGHTS_KEPT:]

    def _take_whole(self, response: dict[str, object]) -> None:
        """A proxy that does not stream."""
        items = response.get("output")
        for item in items if type(items) is list else ():
            content = item.get("content") if type(item) is dict and item.get("type") == "message" else None
            for part in content if type(content) is list else ():
                text = (part.get("text") or part.get("refusal")) if type(part) is dict else None
                if type(text) is str and text:
                    self._say(text)
            self._take_item(item)
        self._take_end(response)

    def _take_end(self, response: object) -> None:
        if type(response) is not dict or self.ended:
            return
        self._usage = _usage(response.get("usage")) or self._usage
        status, why = response.get("status"), response.get("incomplete_details")
        if status == "failed" or response.get("error"):
            self._fail(response.get("error") or "failed")
        elif status == "incomplete":
            cause = why.get("reason") if type(why) is dict else None
            self._finish("filter" if cause == "content_filter" else "length")
            self.ended = True
        elif status in ("completed", None):
            self._finish("stop")
            self.ended = True


def _dumped(items: list[Json]) -> str:
    try:
        return orjson.dumps(items).decode() if items else ""
    except orjson.JSONEncodeError:
        return ""


def _usage(said: object) -> Usage | None:
    if type(said) is not dict:
        return None
    sent, written = said.get("input_tokens"), said.get("output_tokens")
    if not is_count(sent) or not is_count(written):
        return None
    return Usage(sent, written, min(sent, count_of(said.get("input_tokens_details"), "cached_tokens")))
