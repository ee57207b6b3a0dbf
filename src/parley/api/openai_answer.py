"""The OpenAI dialect, outward: our wire events as a `chat.completion` or its chunks."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson

from parley.core.errors import ParleyError
from parley.providers.values import Finish, ReasoningDelta, TextDelta, ToolCall, Usage, WireEvent

FINISH_REASONS = {"stop": "stop", "length": "length", "tool_calls": "tool_calls", "filter": "content_filter"}
TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}

Json = dict[str, object]


def error_body(error: ParleyError) -> Json:
    kind = TYPES.get(error.status, "invalid_request_error" if error.status < 500 else "api_error")
    return {"error": {"message": error.message, "type": kind, "param": None, "code": error.code}}


@dataclass(slots=True)
class Envelope:
    """What all chunks of one answer share."""

    id: str
    model: str
    created: int = field(default_factory=lambda: int(time.time()))

    def chunk(self, choices: list[Json], usage: Json | None = None) -> bytes:
        body: Json = self._body("chat.completion.chunk", choices)
        if usage is not None:
            body["usage"] = usage
        return b"data: " + orjson.dumps(body) + b"\n\n"

    def whole(self, message: Json, finish: Finish, usage: Usage) -> Json:
        choice: Json = {
            "index": 0,
            "message": message,
            "finish_reason": FINISH_REASONS[finish.reason],
            "logprobs": None,
        }
        return {**self._body("chat.completion", [choice]), "usage": usage_body(usage)}

    def _body(self, kind: str, choices: list[Json]) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model, "choices": choices}


async def chunks(envelope: Envelope, events: AsyncIterator[WireEvent], *, with_usage: bool) -> AsyncIterator[bytes]:
    """The answer as Server-Sent Events. A fault after the first byte becomes an `error` event, then the stream ends."""
    yield envelope.chunk([_delta({"role": "assistant", "content": ""})])
    tools, usage = 0, Usage(0, 0)
    try:
        async for event in events:
            if isinstance(event, TextDelta):
                yield envelope.chunk([_delta({"content": event.text})])
            elif isinstance(event, ReasoningDelta):
                yield envelope.chunk([_delta({"reasoning_content": event.text})])
            elif isinstance(event, ToolCall):
                yield envelope.chunk([_delta({"tool_calls": [{"index": tools, **_call(event)}]})])
                tools += 1
            elif isinstance(event, Usage):
                usage = event
            else:
                yield envelope.chunk([_delta({}, FINISH_REASONS[event.reason])])
    except ParleyError as error:
        yield b"data: " + orjson.dumps(error_body(error)) + b"\n\n"
        return
    if with_usage:
        yield envelope.chunk([], usage_body(usage))
    yield b"data: [DONE]\n\n"


async def whole(envelope: Envelope, events: AsyncIterator[WireEvent]) -> Json:
    """The answer in one piece. Raises what the model's vendor did wrong."""
    text: list[str] = []
    thoughts: list[str] = []
    calls: list[Json] = []
    usage, finish = Usage(0, 0), Finish("stop")
    async for event in events:
        if isinstance(event, TextDelta):
            text.append(event.text)
        elif isinstance(event, ReasoningDelta):
            thoughts.append(event.text)
        elif isinstance(event, ToolCall):
            calls.append(_call(event))
        elif isinstance(event, Usage):
            usage = event
        else:
            finish = event
    message: Json = {"role": "assistant", "content": "".join(text) or (None if calls else ""), "refusal": None}
    if thoughts:
        message["reasoning_content"] = "".join(thoughts)
    if calls:
        message["tool_calls"] = calls
    return envelope.whole(message, finish, usage)


def usage_body(usage: Usage) -> Json:
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    }


def _call(call: ToolCall) -> Json:
    said: Json = {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
    # Who sends the call back as it came sends the thoughts that led to it along.
    return said | {"extra_content": {"parley": {"opaque": call.opaque}}} if call.opaque else said


def _delta(delta: Json, finish_reason: str | None = None) -> Json:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
