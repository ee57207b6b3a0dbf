"""The body of a Chat Completions request, from our values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import orjson

from parley.providers.profiles import profile_of
from parley.providers.shapes import ChoiceShape, RegexShape, Shape
from parley.providers.values import ChatMessage, Image, ModelRequest, Parameters, Text, ToolCall, ToolSpec
from parley.providers.wire.calls import Json
from parley.providers.wire.dialects import Dialect
from parley.providers.wire.pictures import data_url_of

# What a caller of /v1 may not set through `extra`: ours to decide, or (n) an answer that we could not show.
_OURS: Final = frozenset({"model", "messages", "stream", "stream_options", "n", "tools"})

# Fields that help but that some servers refuse as unknown: for those the wire drops them, a group at a time.
OPTIONAL_TOGETHER: Final = (
    frozenset({"stream_options"}),
    frozenset({"continue_final_message", "add_generation_prompt"}),
    frozenset({"reasoning_effort"}),
    frozenset({"response_format"}),
    frozenset({"structured_outputs"}),
)


def body_of(request: ModelRequest, dialect: Dialect) -> Json:
    """Raises `EndpointRejected` for an image that is not a `data:` URL."""
    body = {name: value for name, value in request.parameters.extra.items() if name not in _OURS}
    body |= _parameters(request.parameters, dialect)
    body |= {
        "model": request.model,
        "messages": [_message(message) for message in _as_the_model_reads(request)],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if dialect.structured_outputs and (wanted := _structured(request.parameters.shape)):
        body["structured_outputs"] = wanted
    if request.continue_last and dialect.prefill_fields:
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    return body


def _parameters(chosen: Parameters, dialect: Dialect) -> Json:
    named: Mapping[str, object] = {
        "temperature": chosen.temperature,
        "top_p": chosen.top_p,
        dialect.max_tokens: chosen.max_tokens,
        "seed": chosen.seed,
        "stop": list(chosen.stop) or None,
        "response_format": chosen.response_format,
        "tool_choice": chosen.tool_choice,
        "reasoning_effort": chosen.reasoning if chosen.reasoning != "none" else None,
    }
    return {name: value for name, value in named.items() if value is not None}


def _structured(shape: Shape | None) -> Json | None:
    """What `response_format` cannot say, as vLLM and our model service are asked for it."""
    match shape:
        case RegexShape(pattern=pattern):
            return {"regex": pattern}
        case ChoiceShape(choices=choices):
            return {"choice": list(choices)}
    return None


def _as_the_model_reads(request: ModelRequest) -> tuple[ChatMessage, ...]:
    """A few families, Gemma 1 and 2 among them, refuse a system message: theirs stands before the first question."""
    if profile_of(request.model).system_role or request.messages[0].role != "system":
        return request.messages
    system, *rest = request.messages
    for place, message in enumerate(rest):
        if message.role == "user":
            rest[place] = replace(message, content=(*system.content, Text("\n\n"), *message.content))
            return tuple(rest)
    return (replace(system, role="user"), *rest)


def _message(message: ChatMessage) -> Json:
    said: Json = {"role": message.role, "content": _content(message)}
    if message.tool_calls:
        said["tool_calls"] = [_call(call) for call in message.tool_calls]
    if message.role == "tool":
        said["tool_call_id"] = message.tool_call_id
    return said


def _call(call: ToolCall) -> Json:
    """With what `ChatReading` kept of it, if it was this wire's: Gemini's signature, by its OpenAI dialect."""
    said: Json = {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
    try:
        kept = orjson.loads(call.opaque)
    except orjson.JSONDecodeError:
        return said
    return said | {"extra_content": kept} if isinstance(kept, dict) else said


def _content(message: ChatMessage) -> object:
    if not any(isinstance(part, Image) for part in message.content):
        # One string: every server takes it, while some small ones know no list of parts.
        text = "".join(part.text for part in message.content if isinstance(part, Text))
        return text or (None if message.tool_calls else "")
    return [_part(part) for part in message.content]


def _part(part: Text | Image) -> Json:
    if isinstance(part, Text):
        return {"type": "text", "text": part.text}
    return {"type": "image_url", "image_url": {"url": data_url_of(part)}}


def _tool(tool: ToolSpec) -> Json:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function}
