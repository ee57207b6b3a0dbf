"""The `mock` wire: answers made in the process, for tests. The model's name is the script: `mock-lorem?tokens=20`.

| name | what it does | options (default) |
|---|---|---|
| mock-echo | repeats the last user message, word by word | delay_ms (0), first_ms (0) |
| mock-lorem | the same words each time; continues them when asked to | tokens (50), delay_ms, first_ms |
| mock-reasoning | thinks aloud, then answers | thoughts (5), and those of mock-lorem |
| mock-tool | calls the first tool offered; says what the tool said, once it has | arguments ({}), opaque |
| mock-429, mock-500 … | fails with that status, then as mock-lorem | times (for ever), retry_after |
| mock-cut | says some words, then breaks off | at (5) |
| mock-silence | says some words, then goes silent until the idle timeout | at (0) |
| mock-length | is cut at max_tokens: Finish("length") | tokens (5) |
| mock-endless | never ends | delay_ms |

`vendor` counts calls, tokens and open streams, as a vendor's own books would.
"""

import asyncio
import math
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, cycle, islice
from typing import Final
from urllib.parse import parse_qsl

import aiohttp

from parley.core.errors import EndpointBroken, EndpointSilent
from parley.providers.values import (
    ChatMessage,
    Embedded,
    EmbeddingRequest,
    Finish,
    ModelRequest,
    ReasoningDelta,
    Route,
    Text,
    TextDelta,
    ToolCall,
    Usage,
    WireEvent,
)
from parley.providers.wire.base import ListedModel
from parley.providers.wire.faults import fault_of_status
from parley.providers.wire.vectors import texts_of

VECTOR: Final = 8  # numbers, unless the request says how many

WORDS: Final = (
    "lorem",
    "ipsum",
    "dolor",
    "sit",
    "amet",
    "consectetur",
    "adipiscing",
    "elit",
    "sed",
    "eiusmod",
    "tempor",
)


@dataclass
class Books:
    """What the mock vendor saw. Tests clear them with `vendor.reset()`."""

    requests: list[ModelRequest] = field(default_factory=list)
    embedded: list[EmbeddingRequest] = field(default_factory=list)
    calls_by_model: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    open_streams: int = 0
    closed_early: int = 0

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]  # the same object stays known to whoever imported it


vendor = Books()


class Mock:
    """See `base.Wire`."""

    async def stream(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest
    ) -> AsyncGenerator[WireEvent, None]:
        vendor.requests.append(request)
        vendor.calls_by_model[request.model] += 1
        vendor.open_streams += 1
        ended = False
        try:
            async for event in _play(route, request):
                vendor.tokens += isinstance(event, TextDelta | ReasoningDelta)
                yield event
            ended = True
        except Exception:
            ended = True
            raise
        finally:
            vendor.open_streams -= 1
            vendor.closed_early += not ended

    async def embed(self, session: aiohttp.ClientSession, route: Route, request: EmbeddingRequest) -> Embedded:
        vendor.embedded.append(request)
        vendor.calls_by_model[request.model] += 1
        name = request.model.removeprefix("mock-")
        if name.isdigit():
            raise fault_of_status(route, int(name), b"the mock vendor was told to fail")
        vectors = tuple(_vector(text, request.dimensions or VECTOR) for text in texts_of(request))
        return Embedded(vectors, sum(len(text.split()) for text in texts_of(request)))

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        if route.api_key == "wrong":
            raise fault_of_status(route, 401)
        return [ListedModel(name, prefill=name == "mock-lorem") for name in ("mock-echo", "mock-lorem", "mock-tool")]


def words_of(tokens: int) -> str:
    """What `mock-lorem?tokens=N` says in the end."""
    return "".join(islice(_lorem(), tokens))


Options = Mapping[str, str]
Script = Callable[[Route, ModelRequest, Options], AsyncGenerator[WireEvent, None]]


async def _play(route: Route, request: ModelRequest) -> AsyncGenerator[WireEvent, None]:
    name, _, query = request.model.partition("?")
    name = name.removeprefix("mock-")
    options = dict(parse_qsl(query))
    if name.isdigit():
        _fail(route, request, int(name), options)
    elif name not in _SCRIPTS:
        raise fault_of_status(route, 404, f"no model {request.model}".encode())
    async for event in _SCRIPTS.get(name, _say_lorem)(route, request, options):
        yield event


def _fail(route: Route, request: ModelRequest, status: int, options: Options) -> None:
    times = options.get("times")
    if times is None or vendor.calls_by_model[request.model] <= int(times):
        wait_s = float(options["retry_after"]) if "retry_after" in options else None
        raise fault_of_status(route, status, b"the mock vendor was told to fail", wait_s=wait_s)


async def _say(words: Iterator[str], options: Options) -> AsyncGenerator[WireEvent, None]:
    await asyncio.sleep(float(options.get("first_ms", 0)) / 1000)
    delay_s = float(options.get("delay_ms", 0)) / 1000
    for word in words:
        yield TextDelta(word)
        await asyncio.sleep(delay_s)


async def _say_all(
    words: list[str], request: ModelRequest, options: Options, reason: str = "stop"
) -> AsyncGenerator[WireEvent, None]:
    async for event in _say(iter(words), options):
        yield event
    yield Usage(sum(len(_text(message).split()) for message in request.messages), len(words))
    yield Finish("length" if reason == "length" else "stop")


async def _echo(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    asked = next((_text(m) for m in reversed(request.messages) if m.role == "user"), "")
    words = [word + " " for word in asked.split(" ")]
    words[-1] = words[-1].removesuffix(" ")
    async for event in _say_all(words, request, options):
        yield event


async def _say_lorem(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    words = list(islice(_lorem(), int(options.get("tokens", 50))))
    if request.continue_last:
        words = list(_rest(words, _text(request.messages[-1])))
    async for event in _say_all(words, request, options):
        yield event


async def _be_cut_short(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    words = list(islice(_lorem(), int(options.get("tokens", 5))))
    async for event in _say_all(words, request, options, "length"):
        yield event


async def _think_aloud(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    for word in islice(_lorem(), int(options.get("thoughts", 5))):
        yield ReasoningDelta(word)
        await asyncio.sleep(0)
    async for event in _say_lorem(route, request, options):
        yield event


async def _call_tool(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    if request.messages[-1].role == "tool" or not request.tools:
        said = _text(request.messages[-1]) if request.tools else "no tool"
        async for event in _say_all(["The tool said: ", said], request, options):
            yield event
        return
    await asyncio.sleep(0)
    number = sum(bool(message.tool_calls) for message in request.messages)
    yield ToolCall(f"call_{number}", request.tools[0].name, options.get("arguments", "{}"), options.get("opaque", ""))
    yield Usage(1, 1)
    yield Finish("tool_calls")


async def _break_off(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    async for event in _say(islice(_lorem(), int(options.get("at", 5))), options):
        yield event
    raise EndpointBroken("The mock vendor broke off. What had arrived is kept; retry or continue.")


async def _go_silent(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    async for event in _say(islice(_lorem(), int(options.get("at", 0))), options):
        yield event
    await asyncio.sleep(route.idle_timeout_s)
    raise EndpointSilent("The mock vendor went silent. What it had said is kept; retry or continue.")


async def _never_end(route: Route, request: ModelRequest, options: Options) -> AsyncGenerator[WireEvent, None]:
    async for event in _say(_lorem(), options):
        yield event


_SCRIPTS: Final[Mapping[str, Script]] = {
    "echo": _echo,
    "lorem": _say_lorem,
    "reasoning": _think_aloud,
    "tool": _call_tool,
    "cut": _break_off,
    "silence": _go_silent,
    "length": _be_cut_short,
    "endless": _never_end,
}


def _vector(text: str, dimensions: int) -> list[float]:
    """The same for the same text, and of length 1."""
    digest = sha256(text.encode()).digest()
    raw = [digest[place % len(digest)] + 1.0 for place in range(dimensions)]
    length = math.sqrt(sum(number * number for number in raw))
    return [number / length for number in raw]


def _lorem() -> Iterator[str]:
    """Words without end, numbered now and then so that a lost or doubled one shows."""
    for number, word in zip(count(), cycle(WORDS), strict=False):
        yield f"{word}{number} "


def _rest(words: list[str], said: str) -> Iterator[str]:
    """The words that are left after `said`, which may end inside of one."""
    for word in words:
        if not said:
            yield word
        elif len(said) < len(word):
            yield word[len(said) :]
            said = ""
        else:
            said = said[len(word) :]


def _text(message: ChatMessage) -> str:
    return "".join(part.text for part in message.content if isinstance(part, Text))
