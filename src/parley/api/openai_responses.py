"""OpenAI's newer dialect, outward: our wire events as a `response` of items, in one piece or as the events of its stream.

A thought that must go back with its function call travels as a `reasoning` item's `encrypted_content`: who sends the items
back in the next round, as OpenAI's own clients do, need not know what it is.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import orjson

from parley.api.openai_answer import Json, error_body
from parley.core.errors import ParleyError
from parley.providers.values import Finish, ReasoningDelta, TextDelta, ToolCall, Usage, WireEvent

CUT: Final = {"length": "max_output_tokens", "filter": "content_filter"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """An item that is written piece by piece: how its one part and the events about it are called."""

    type: str
    prefix: str
    holds: str
    index: str
    part_event: str
    text_event: str
    part: Json

    def begun(self) -> Json:
        item: Json = {"id": _new_id(self.prefix), "type": self.type, self.holds: []}
        return item | ({"role": "assistant", "status": "in_progress"} if self.type == "message" else {})


MESSAGE: Final = _Kind(
    type="message",
    prefix="msg",
    holds="content",
    index="content_index",
    part_event="response.content_part",
    text_event="response.output_text",
    part={"type": "output_text", "annotations": [], "logprobs": []},
)
REASONING: Final = _Kind(
    type="reasoning",
    prefix="rs",
    holds="summary",
    index="summary_index",
    part_event="response.reasoning_summary_part",
    text_event="response.reasoning_summary_text",
    part={"type": "summary_text"},
)


class Answer:
    """One response while it is written. Each method gives the events that tell its readers."""

    def __init__(self, repeated: Json) -> None:
        self._id, self._created_at = _new_id("resp"), int(time.time())
        self._repeated = repeated
        self._output: list[Json] = []
        self._open: _Kind | None = None  # what the last item of the output is, while it is being written
        self._pieces: list[str] = []
        self._usage: Usage | None = None
        self._told = 0
        self.response = self._as("in_progress")

    def begin(self) -> list[Json]:
        return [self._event(f"response.{step}", response=self.response) for step in ("created", "in_progress")]

    def take(self, event: WireEvent) -> list[Json]:
        if isinstance(event, TextDelta):
            return self._write(MESSAGE, event.text)
        if isinstance(event, ReasoningDelta):
            return self._write(REASONING, event.text)
        if isinstance(event, ToolCall):
            return [*self._keep_thought(event.opaque), *self._close(), *self._call(event)]
        if isinstance(event, Usage):
            self._usage = event
            return []
        return self._end(event)

    def fail(self, error: ParleyError) -> list[Json]:
        """Told twice: some clients look at the response's status, OpenAI's own raise on a field `error`."""
        told = self._close("incomplete")
        body = error_body(error)
        self.response = self._as("failed") | {"error": {"code": "server_error", "message": error.message}}
        failed = self._event("response.failed", response=self.response)
        return [*told, failed, self._event("error", code=error.code, message=error.message, param=None, **body)]

    # --- Items --------------------------------------------------------------------------------------------------------

    def _write(self, kind: _Kind, text: str) -> list[Json]:
        told: list[Json] = []
        if self._open is not kind:
            told += self._close()
            self._open, self._pieces = kind, []
            told.append(self._add(kind.begun()))
            told.append(self._about(f"{kind.part_event}.added", {kind.index: 0, "part": kind.part | {"text": ""}}))
        self._pieces.append(text)
        told.append(self._about(f"{kind.text_event}.delta", {kind.index: 0, "delta": text} | _logprobs(kind)))
        return told

    def _close(self, status: str = "completed") -> list[Json]:
        if (kind := self._open) is None:
            return []
        text, item = "".join(self._pieces), self._output[-1]
        part: Json = kind.part | {"text": text}
        item[kind.holds] = [part]
        if "status" in item:
            item["status"] = status
        self._open = None
        return [
            self._about(f"{kind.text_event}.done", {kind.index: 0, "text": text} | _logprobs(kind)),
            self._about(f"{kind.part_event}.done", {kind.index: 0, "part": part}),
            self._done(),
        ]

    def _keep_thought(self, opaque: str) -> list[Json]:
        """Onto the thought that is being told, or onto one without words."""
        if not opaque:
            return []
        if self._open is REASONING:
            self._output[-1]["encrypted_content"] = opaque
            return []
        told = self._close()
        item = REASONING.begun() | {"encrypted_content": opaque}
        return [*told, self._add(item), self._done()]

    def _call(self, call: ToolCall) -> list[Json]:
        item: Json = {"id": _new_id("fc"), "type": "function_call", "call_id": call.id, "name": call.name}
        told = [self._add(item | {"arguments": "", "status": "in_progress"})]
        told.append(self._about("response.function_call_arguments.delta", {"delta": call.arguments}))
        said: Json = {"name": call.name, "arguments": call.arguments}
        told.append(self._about("response.function_call_arguments.done", said))
        self._output[-1] |= {"arguments": call.arguments, "status": "completed"}
        return [*told, self._done()]

    def _end(self, finish: Finish) -> list[Json]:
        cut = CUT.get(finish.reason)
        told = self._close("incomplete" if cut else "completed")
        self.response = self._as("incomplete" if cut else "completed")
        if cut:
            self.response["incomplete_details"] = {"reason": cut}
        return [*told, self._event(f"response.{self.response['status']}", response=self.response)]

    # --- Events -------------------------------------------------------------------------------------------------------

    def _add(self, item: Json) -> Json:
        self._output.append(item)
        return self._event("response.output_item.added", output_index=len(self._output) - 1, item=dict(item))

    def _done(self) -> Json:
        item = dict(self._output[-1])
        return self._event("response.output_item.done", output_index=len(self._output) - 1, item=item)

    def _about(self, kind: str, fields: Json) -> Json:
        """An event about the item that is being written."""
        item = self._output[-1]
        return self._event(kind, item_id=item["id"], output_index=len(self._output) - 1, **fields)

    def _event(self, kind: str, **fields: object) -> Json:
        self._told += 1
        return {"type": kind, "sequence_number": self._told - 1, **fields}

    def _as(self, status: str) -> Json:
        """The whole as it stands. `store` is what Parley does, whatever was asked for."""
        return {
            **self._repeated,
            "id": self._id,
            "object": "response",
            "created_at": self._created_at,
            "status": status,
            "background": False,
            "error": None,
            "incomplete_details": None,
            "output": list(self._output),
            "previous_response_id": None,
            "store": False,
            "truncation": "disabled",
            "usage": _usage(self._usage),
        }


async def response_events(answer: Answer, events: AsyncIterator[WireEvent]) -> AsyncIterator[bytes]:
    """The answer as Server-Sent Events. A fault after the first byte is told, then the stream ends."""
    for told in answer.begin():
        yield _frame(told)
    try:
        async for event in events:
            for told in answer.take(event):
                yield _frame(told)
    except ParleyError as error:
        for told in answer.fail(error):
            yield _frame(told)


async def whole_response(answer: Answer, events: AsyncIterator[WireEvent]) -> Json:
    """The answer in one piece. Raises what the model's vendor did wrong."""
    async for event in events:
        answer.take(event)
    return answer.response


def _frame(event: Json) -> bytes:
    return b"event: " + str(event["type"]).encode() + b"\ndata: " + orjson.dumps(event) + b"\n\n"


def _usage(usage: Usage | None) -> Json | None:
    """Vendors count thoughts with what was written, so how many of it were thoughts is not known here, and told as 0."""
    if usage is None:
        return None
    return {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }


def _logprobs(kind: _Kind) -> Json:
    return {"logprobs": []} if kind is MESSAGE else {}


def _new_id(prefix: str) -> str:
    return f"{prefix}_{uuid4().hex}"
