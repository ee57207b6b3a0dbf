"""The events of a tape, as every door sends them and every browser folds them.

A generation's events are numbered from 1; a `Reset` drops all text before it; the last event is one of `ENDS`.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import orjson
from pydantic import Field, TypeAdapter


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt begins; `model` is the label of the model card."""

    model: str
    attempt: int
    type: Literal["started"] = "started"


@dataclass(frozen=True, slots=True)
class Delta:
    text: str
    type: Literal["delta"] = "delta"


@dataclass(frozen=True, slots=True)
class Reasoning:
    text: str
    type: Literal["reasoning"] = "reasoning"


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """`arguments` is JSON as the model wrote it; `opaque` is for its vendor, and goes back to it with the result."""

    id: str
    name: str
    arguments: str
    opaque: str = ""
    type: Literal["tool_call"] = "tool_call"


@dataclass(frozen=True, slots=True)
class ToolResult:
    id: str
    text: str
    is_error: bool = False
    type: Literal["tool_result"] = "tool_result"


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage the answer may lean on; the text refers to it as [number]."""

    number: int
    title: str
    path: str
    text: str
    type: Literal["citation"] = "citation"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person may want to know: `taken_over`, `shortened`, `routed` (a rule chose the model), `fallback` (another
    model answers, since the first did not), `reshaped` (asked again for the form that was wanted). `details`: why, in sentences,
    for who opens it."""

    code: str
    text: str = ""
    details: tuple[str, ...] = ()
    type: Literal["notice"] = "notice"


@dataclass(frozen=True, slots=True)
class Used:
    """Tokens of this attempt, as the vendor counted them."""

    input_tokens: int
    output_tokens: int
    type: Literal["usage"] = "usage"


@dataclass(frozen=True, slots=True)
class Reset:
    """Drop what was shown of this generation."""

    type: Literal["reset"] = "reset"


@dataclass(frozen=True, slots=True)
class Finished:
    """`length`: cut at the most tokens it may write. `filter`: the vendor withheld the rest."""

    reason: Literal["stop", "length", "filter", "tool_calls"] = "stop"
    type: Literal["finished"] = "finished"


@dataclass(frozen=True, slots=True)
class Stopped:
    type: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class Failed:
    """`message` names cause and remedy, for a person."""

    code: str
    message: str
    retryable: bool
    type: Literal["failed"] = "failed"


@dataclass(frozen=True, slots=True)
class Interrupted:
    type: Literal["interrupted"] = "interrupted"


End = Finished | Stopped | Failed | Interrupted
Event = Annotated[
    Started | Delta | Reasoning | ToolCalled | ToolResult | Citation | Notice | Used | Reset | End,
    Field(discriminator="type"),
]

_codec: TypeAdapter[Event] = TypeAdapter(Event)


def dump_event(event: Event) -> str:
    """The event as JSON, the form in which it is stored and sent."""
    return orjson.dumps(event).decode()


def load_event(body: str) -> Event:
    return _codec.validate_json(body)
