"""The `ollama` wire: Ollama's own /api/chat, one JSON document a line. https://docs.ollama.com/api

Its OpenAI dialect would do, but cuts prompts at the server's own window without a word. Here the window is asked for.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import orjson

from parley.core.errors import EndpointError
from parley.providers.profiles import profile_of
from parley.providers.values import (
    ChatMessage,
    Embedded,
    EmbeddingRequest,
    Image,
    ModelRequest,
    Route,
    Text,
    ToolCall,
    Usage,
)
from parley.providers.wire.base import ListedModel
from parley.providers.wire.calls import HttpWire, Json, no_list
from parley.providers.wire.ndjson import LineDecoder
from parley.providers.wire.pictures import picture_of
from parley.providers.wire.reading import Reading, is_count
from parley.providers.wire.vectors import ollama_body, ollama_vectors

MODELS_ASKED: Final = 200
ASKED_AT_ONCE: Final = 8
USUAL_WINDOW: Final = 8192  # of memory that most machines have; a card may say more
THOUGHTFUL: Final = ("gpt-oss",)  # think by effort, not by yes and no


class Ollama(HttpWire):
    """See `base.Wire`."""

    def url(self, route: Route, request: ModelRequest) -> str:
        return _at(route, "/api/chat")

    def headers(self, route: Route) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {route.api_key}"} if route.api_key else {}

    def body(self, route: Route, request: ModelRequest) -> Json:
        return body_of(request)

    def reading(self, route: Route, request: ModelRequest) -> Reading:
        return LinesReading(route, LineDecoder())

    async def embed(self, session: aiohttp.ClientSession, route: Route, request: EmbeddingRequest) -> Embedded:
        url, body = _at(route, "/api/embed"), ollama_body(request)
        return ollama_vectors(route, request, await self.post_texts(session, route, url, body))

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        document = await self.get(session, route, _at(route, "/api/tags"))
        items = document.get("models") if isinstance(document, dict) else None
        if not isinstance(items, list):
            raise no_list(route)
        found = [item.get("model") or item.get("name") for item in items if isinstance(item, dict)]
        names = [name[:200] for name in found if isinstance(name, str) and name][:MODELS_ASKED]
        gate = asyncio.Semaphore(ASKED_AT_ONCE)
        return await asyncio.gather(*(self._look(session, route, name, gate) for name in names))

    async def _look(
        self, session: aiohttp.ClientSession, route: Route, name: str, gate: asyncio.Semaphore
    ) -> ListedModel:
        """What the server knows of one model; its name alone where it does not say."""
        async with gate:
            try:
                known = await self.post(session, route, _at(route, "/api/show"), {"model": name})
            except EndpointError:
                return ListedModel(name)
        return _listed(name, known if isinstance(known, dict) else {})


def _at(route: Route, path: str) -> str:
    """People paste the address of its OpenAI dialect, which ends in /v1."""
    return route.base_url.rstrip("/").removesuffix("/v1") + path


# --- What is asked ----------------------------------------------------------------------------------------------------


def body_of(request: ModelRequest) -> Json:
    """Raises `EndpointRejected` for an image that is not inside the message."""
    chosen = request.parameters
    names = {call.id: call.name for message in request.messages for call in message.tool_calls}
    body: Json = {
        "model": request.model,
        "messages": [_message(message, names) for message in request.messages],
        "stream": True,
    }
    options: Json = {
        "temperature": chosen.temperature,
        "top_p": chosen.top_p,
        "num_predict": chosen.max_tokens,
        "seed": chosen.seed,
        "stop": list(chosen.stop) or None,
        "num_ctx": request.context_window or None,
    }
    if options := {name: value for name, value in options.items() if value is not None}:
        body["options"] = options
    if request.tools and chosen.tool_choice != "none":
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
            }
            for tool in request.tools
        ]
    if wanted := _format(chosen.response_format):
        body["format"] = wanted
    if chosen.reasoning is not None and profile_of(request.model).thinking != "no":
        body["think"] = chosen.reasoning != "none"
    elif chosen.reasoning not in (None, "none") and request.model.startswith(THOUGHTFUL):
        body["think"] = chosen.reasoning
    return body


def _format(wanted: Mapping[str, Any] | None) -> object:  # Any: a caller's JSON
    kind = (wanted or {}).get("type")
    named = (wanted or {}).get("json_schema")
    if kind == "json_schema" and isinstance(named, dict):
        return named.get("schema")
    return "json" if kind == "json_object" else None


def _message(message: ChatMessage, names: Mapping[str, str]) -> Json:
    text = "".join(part.text for part in message.content if isinstance(part, Text))
    said: Json = {"role": message.role, "content": text}
    if pictures := [picture_of(part)[1] for part in message.content if isinstance(part, Image)]:
        said["images"] = pictures
    if message.tool_calls:
        said["tool_calls"] = [
            {"function": {"name": call.name, "arguments": _arguments(call)}} for call in message.tool_calls
        ]
    if message.role == "tool":
        said["tool_name"] = names.get(message.tool_call_id, "")
    return said


def _arguments(call: ToolCall) -> object:
    try:
        arguments = orjson.loads(call.arguments)
    except orjson.JSONDecodeError:
        return {}
    return arguments if isinstance(arguments, dict) else {}


# --- What is answered -------------------------------------------------------------------------------------------------


class LinesReading(Reading):
    """See `Reading`. The line with `done` ends the answer and counts it."""

    opens_document = b"["  # a line is a document already

    __slots__ = ()

    def _take_chunk(self, chunk: object) -> None:
        if type(chunk) is not dict:
            return
        if error := chunk.get("error"):
            self._fail({"message": error} if type(error) is str else error)
            return
        message = chunk.get("message")
        if type(message) is dict:
            self._take_message(message)
        if chunk.get("done") is True and not self.ended:
            sent, written = chunk.get("prompt_eval_count"), chunk.get("eval_count")
            if is_count(sent) and is_count(written):
                self._usage = Usage(sent, written)
            self._finish("length" if chunk.get("done_reason") == "length" else "stop")
            self.ended = True

    def _take_message(self, message: dict[str, object]) -> None:
        thought, text = message.get("thinking"), message.get("content")
        if type(thought) is str and thought:
            self._think(thought)
        if type(text) is str and text:
            self._say(text)
        calls = message.get("tool_calls")
        for call in calls if type(calls) is list else ():
            function = call.get("function") if type(call) is dict else None
            if type(function) is dict and not self.ended:
                self._gather(None, call.get("id"), function.get("name"), function.get("arguments"))


def _listed(name: str, known: dict[str, Any]) -> ListedModel:  # Any: the server's JSON
    info, can = known.get("model_info"), known.get("capabilities")
    able = [word for word in can if isinstance(word, str)] if isinstance(can, list) else None
    trained = next(
        (size for key, size in info.items() if key.endswith(".context_length") and is_count(size))
        if isinstance(info, dict)
        else iter(()),
        0,
    )
    return ListedModel(
        name=name,
        context_window=_set_window(known.get("parameters")) or (min(trained, USUAL_WINDOW) if trained else None),
        vision=None if able is None else "vision" in able,
        tools=None if able is None else "tools" in able,
        chats=None if able is None else "completion" in able,
        embeds=None if able is None else "embedding" in able,
        prefill=True,
    )


def _set_window(parameters: object) -> int | None:
    """`num_ctx` of the model's own file."""
    for line in parameters.splitlines()[:1000] if isinstance(parameters, str) else ():
        words = line.split()
        if len(words) == 2 and words[0] == "num_ctx" and words[1].isdecimal():
            return int(words[1][:9])
    return None
