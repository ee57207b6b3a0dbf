"""The `google` wire: Gemini's generateContent, as a stream. https://ai.google.dev/api/generate-content

A thought's signature stands on the part that it led to, and must go back on it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import orjson

from parley.core.errors import EndpointBroken, EndpointError, EndpointRejected
from parley.providers.profiles import profile_of
from parley.providers.values import (
    ChatMessage,
    Effort,
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
from parley.providers.wire.calls import HttpWire, Json, address, no_list
from parley.providers.wire.faults import fault_of_status, host_of
from parley.providers.wire.pictures import picture_of
from parley.providers.wire.reading import Reading, Reason, count_of, is_count
from parley.providers.wire.vectors import google_body, google_vectors

PAGE: Final = 1000
BUDGETS: Final[Mapping[Effort, int]] = {"none": 0, "low": 2048, "medium": 8192, "high": 24_576}
UNSIGNED: Final = "skip_thought_signature_validator"  # the vendor's own word for a call that it has not signed
EXTRAS: Final = frozenset({"safetySettings", "cachedContent", "labels"})

_NAME = re.compile(r"[A-Za-z0-9][\w.\-:@]*(/[A-Za-z0-9][\w.\-:@]*){0,5}")
_SIGNATURE = re.compile(r"[A-Za-z0-9+/_-]+=*")
_WAIT = re.compile(rb'"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"')
_REASONS: Final[dict[str, Reason]] = {
    "MAX_TOKENS": "length",
    "SAFETY": "filter",
    "RECITATION": "filter",
    "LANGUAGE": "filter",
    "BLOCKLIST": "filter",
    "PROHIBITED_CONTENT": "filter",
    "SPII": "filter",
    "IMAGE_SAFETY": "filter",
    "MODEL_ARMOR": "filter",
}
_BROKEN: Final = frozenset(
    {
        "MALFORMED_FUNCTION_CALL",
        "MALFORMED_RESPONSE",
        "MISSING_THOUGHT_SIGNATURE",
        "TOO_MANY_TOOL_CALLS",
        "UNEXPECTED_TOOL_CALL",
    }
)


class Google(HttpWire):
    """See `base.Wire`."""

    def url(self, route: Route, request: ModelRequest) -> str:
        name = _path_of(route, request.model)
        return address(route.base_url, f"/{quote(name, safe='/:@')}:streamGenerateContent?alt=sse")

    async def embed(self, session: aiohttp.ClientSession, route: Route, request: EmbeddingRequest) -> Embedded:
        name = _path_of(route, request.model)
        url, body = (
            address(route.base_url, f"/{quote(name, safe='/:@')}:batchEmbedContents"),
            google_body(request, name),
        )
        return google_vectors(route, request, await self.post_texts(session, route, url, body))

    def headers(self, route: Route) -> Mapping[str, str]:
        return {"x-goog-api-key": route.api_key} if route.api_key else {}

    def body(self, route: Route, request: ModelRequest) -> Json:
        return body_of(request)

    def reading(self, route: Route, request: ModelRequest) -> Reading:
        return GenerateReading(route)

    def fault(self, route: Route, status: int, body: bytes, wait_s: float | None) -> EndpointError:
        if status == 400 and b"API_KEY_INVALID" in body:  # a wrong key is no wrong request
            status = 401
        if wait_s is None and (found := _WAIT.search(body)):
            wait_s = float(found[1])
        return fault_of_status(route, status, body, wait_s=wait_s)

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        document = await self.get(session, route, address(route.base_url, f"/models?pageSize={PAGE}"))
        items = document.get("models") if isinstance(document, dict) else None
        if not isinstance(items, list):
            raise no_list(route)
        return [model for item in items if isinstance(item, dict) and (model := _listed(item)).name]


def _path_of(route: Route, model: str) -> str:
    if not _NAME.fullmatch(model):
        raise EndpointRejected(f"{host_of(route)} has no model of such a name.")
    return model if "/" in model else f"models/{model}"


# --- What is asked ----------------------------------------------------------------------------------------------------


def body_of(request: ModelRequest) -> Json:
    """Raises `EndpointRejected` for an image that is not inside the message."""
    chosen = request.parameters
    body: Json = {name: value for name, value in chosen.extra.items() if name in EXTRAS}
    system = [
        {"text": part.text}
        for m in request.messages
        if m.role == "system"
        for part in m.content
        if isinstance(part, Text)
    ]
    if system:
        body["systemInstruction"] = {"parts": system}
    body["contents"] = _contents(request)
    if config := _config(request):
        body["generationConfig"] = config
    if request.tools:
        declared = [
            {"name": tool.name, "description": tool.description, "parametersJsonSchema": tool.parameters}
            for tool in request.tools
        ]
        body["tools"] = [{"functionDeclarations": declared}]
        if choice := _tool_choice(chosen.tool_choice):
            body["toolConfig"] = {"functionCallingConfig": choice}
    return body


def _config(request: ModelRequest) -> Json:
    chosen = request.parameters
    named: Json = {
        "temperature": chosen.temperature,
        "topP": chosen.top_p,
        "maxOutputTokens": chosen.max_tokens,
        "seed": chosen.seed,
        "stopSequences": list(chosen.stop) or None,
        "thinkingConfig": _thinking(request),
        **_format(chosen.response_format),
    }
    return {name: value for name, value in named.items() if value is not None}


def _thinking(request: ModelRequest) -> Json | None:
    effort, profile = request.parameters.reasoning, profile_of(request.model)
    if effort is None or profile.thinking == "no":
        return None
    if profile.thinking == "budget":
        return {"thinkingBudget": BUDGETS[effort], "includeThoughts": effort != "none"}
    return {"thinkingLevel": "minimal" if effort == "none" else effort, "includeThoughts": effort != "none"}


def _format(wanted: Mapping[str, Any] | None) -> Json:  # Any: a caller's JSON
    if not wanted or wanted.get("type") not in ("json_object", "json_schema"):
        return {}
    named = wanted.get("json_schema")
    schema = named.get("schema") if isinstance(named, dict) else None
    return {"responseMimeType": "application/json", "responseJsonSchema": schema}


def _tool_choice(wanted: str | Mapping[str, Any] | None) -> Json | None:  # Any: a caller's JSON
    if isinstance(wanted, Mapping):
        function = wanted.get("function")
        name = function.get("name") if isinstance(function, dict) else None
        return {"mode": "ANY", "allowedFunctionNames": [name]} if name else None
    mode = {"auto": "AUTO", "none": "NONE", "required": "ANY"}.get(wanted or "")
    return {"mode": mode} if mode else None


def _contents(request: ModelRequest) -> list[Json]:
    """Neighbours of one role become one content: results of several functions must come back together."""
    told: list[Json] = []
    parts: list[Json] = []
    names = {call.id: call.name for message in request.messages for call in message.tool_calls}
    signs = request.model.rpartition("/")[2].startswith("gemini-") and profile_of(request.model).thinking == "adaptive"
    for message in request.messages:
        if message.role == "system":
            continue
        role = "model" if message.role == "assistant" else "user"
        if not told or told[-1]["role"] != role:
            parts = []
            told.append({"role": role, "parts": parts})
        parts += _parts(message, names, signs=signs)
    return [content for content in told if content["parts"]]


def _parts(message: ChatMessage, names: Mapping[str, str], *, signs: bool) -> Iterable[Json]:
    if message.role == "tool":
        text = "".join(part.text for part in message.content if isinstance(part, Text))
        name = names.get(message.tool_call_id, "unknown")
        yield {"functionResponse": {"id": message.tool_call_id, "name": name, "response": {"result": text}}}
        return
    for part in message.content:
        if isinstance(part, Image):
            kind, data = picture_of(part)
            yield {"inlineData": {"mimeType": kind, "data": data}}
        elif part.text:
            yield {"text": part.text}
    for place, call in enumerate(message.tool_calls):
        called: Json = {"functionCall": {"id": call.id, "name": call.name, "args": _arguments(call)}}
        own = call.opaque if _SIGNATURE.fullmatch(call.opaque) else ""  # another vendor's thoughts are none of Google's
        signature = own or (UNSIGNED if signs and not place else "")
        yield called | ({"thoughtSignature": signature} if signature else {})


def _arguments(call: ToolCall) -> object:
    try:
        arguments = orjson.loads(call.arguments)
    except orjson.JSONDecodeError:
        return {}
    return arguments if isinstance(arguments, dict) else {}


# --- What is answered -------------------------------------------------------------------------------------------------


class GenerateReading(Reading):
    """See `Reading`. Each event is a whole little answer; function calls come in one piece."""

    __slots__ = ()

    def _take_chunk(self, chunk: object) -> None:
        if type(chunk) is not dict:
            return
        if error := chunk.get("error"):
            self._fail(error)
            return
        candidates = chunk.get("candidates")
        candidate = candidates[0] if type(candidates) is list and candidates else None
        if type(candidate) is dict:
            content = candidate.get("content")
            parts = content.get("parts") if type(content) is dict else None
            for part in parts if type(parts) is list else ():
                self._take_part(part)
            self._take_reason(candidate.get("finishReason"))
        elif _blocked(chunk.get("promptFeedback")):
            self._finish("filter")
        if usage := _usage(chunk.get("usageMetadata")):
            if self._usage is None and not self.finishing:
                self._count_early(usage)
            self._usage = usage

    def _take_part(self, part: object) -> None:
        if type(part) is not dict:
            return
        text = part.get("text")
        if type(text) is str and text:
            if part.get("thought") is True:
                self._think(text)
            else:
                self._say(text)
        call = part.get("functionCall")
        if type(call) is dict and not self.ended:
            signature = part.get("thoughtSignature")
            opaque = signature if type(signature) is str else ""
            self._gather(None, call.get("id"), call.get("name"), call.get("args"), opaque=opaque)

    def _take_reason(self, reason: object) -> None:
        if type(reason) is not str or self.ended or reason == "FINISH_REASON_UNSPECIFIED":
            return
        if reason in _BROKEN:
            said = f"{host_of(self._route)} could not finish its call of a tool ({reason})."
            self.fault, self.ended = EndpointBroken(f"{said} What had arrived is kept; retry."), True
            return
        self._finish(_REASONS.get(reason, "stop"))


def _blocked(feedback: object) -> bool:
    return type(feedback) is dict and type(feedback.get("blockReason")) is str


def _usage(said: object) -> Usage | None:
    if type(said) is not dict or not is_count(sent := said.get("promptTokenCount")):
        return None
    sent += count_of(said, "toolUsePromptTokenCount")
    written = count_of(said, "candidatesTokenCount") + count_of(said, "thoughtsTokenCount")
    return Usage(min(sent, 2**31 - 1), min(written, 2**31 - 1), min(sent, count_of(said, "cachedContentTokenCount")))


def _listed(item: dict[str, Any]) -> ListedModel:  # Any: the vendor's JSON
    name, label = item.get("name"), item.get("displayName")
    does = item.get("supportedGenerationMethods")
    return ListedModel(
        name=name.removeprefix("models/")[:200] if isinstance(name, str) else "",
        label=label[:200] if isinstance(label, str) else "",
        context_window=count_of(item, "inputTokenLimit") or None,
        chats="generateContent" in does if isinstance(does, list) else None,
        embeds="embedContent" in does if isinstance(does, list) else None,
    )
