"""Values that pass between the engine and the wires. Plain Python: no Django, no identity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from parley.providers.shapes import Shape

Effort = Literal["none", "low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """`url` is a `data:` URL; wires never pass on a remote address."""

    url: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`arguments` is JSON as the model wrote it. `opaque` is for the same wire when the call goes back to its model:
    signatures of the thoughts that led to it, without which some vendors refuse the tool's result."""

    id: str
    name: str
    arguments: str
    opaque: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message as a model sees it. `tool_call_id` stands on role `tool` only."""

    role: Literal["system", "user", "assistant", "tool"]
    content: tuple[Text | Image, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage found for this turn. `number` starts at 1 and is how the answer cites it."""

    number: int
    title: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A function the model may call; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Parameters:
    """How to sample. None leaves it to the vendor. `extra` is passed through untouched, for callers of /v1.

    `shape`: what the answer must look like; `response_format` asks the vendor for it where that can be asked.
    `reasoning`: how hard a model that can think is to think; one that cannot is asked without it.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    response_format: Mapping[str, object] | None = None
    tool_choice: str | Mapping[str, object] | None = None
    reasoning: Effort | None = None
    shape: Shape | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """All that a wire needs to ask. `continue_last`: the last message is the model's own, to be continued (prefill).

    `context_window`: what the model card says, in tokens; 0 where nobody knows. Ollama wants to be told.
    """

    model: str
    messages: tuple[ChatMessage, ...]
    parameters: Parameters = Parameters()
    tools: tuple[ToolSpec, ...] = ()
    passages: tuple[Passage, ...] = ()
    continue_last: bool = False
    context_window: int = 0


@dataclass(frozen=True, slots=True)
class EmbeddingRequest:
    """Texts to be turned into vectors, each a text or the numbers of its tokens, as a caller counted them.

    `dimensions`: how long the vectors are to be, for models that can shorten them; None leaves it to the model.
    """

    model: str
    inputs: tuple[str | tuple[int, ...], ...]
    dimensions: int | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """One vector for each input, in their order. `input_tokens` is None where the vendor does not count."""

    vectors: tuple[Sequence[float], ...]
    input_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where to ask: what a wire needs of an endpoint, and how much it may be asked. Made by `providers.routes`, cached in
    the process."""

    endpoint_id: str
    wire: str
    base_url: str
    api_key: str = field(repr=False, default="")
    idle_timeout_s: float = 60.0
    total_timeout_s: float = 900.0
    max_concurrent: int | None = None
    tokens_per_minute: int | None = None


# What a wire yields, in order: any number of deltas, tool calls and usages, then one Finish.


@dataclass(frozen=True, slots=True)
class TextDelta:
    """`pieces`: how many the vendor sent it in, of which each is a token with most vendors."""

    text: str
    pieces: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """As `TextDelta`."""

    text: str
    pieces: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the vendor counted them, the whole call so far (a later one replaces an earlier).

    `cached_tokens`: how many of the input came from the vendor's cache, at a lower price. `so_far`: counted before the
    answer had ended, so the input is right and the output is not yet.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    so_far: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """`length`: cut at max_tokens. `filter`: the vendor withheld the rest."""

    reason: Literal["stop", "length", "tool_calls", "filter"]


WireEvent = TextDelta | ReasoningDelta | ToolCall | Usage | Finish
