"""Spoiled answers of every dialect: honest streams with bytes cut out, doubled, swapped, or replaced, from a seed.

What must hold of any bytes whatever: nothing is raised, the answer ends, it reads the same wherever the network cuts it, and
what it says can be stored. `make fuzz` tries a million; `make test` some thousands.
"""

import json
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from parley.core.errors import EndpointError
from parley.providers.tests.emulated import DIALECTS, Dialect, honest
from parley.providers.values import (
    ChatMessage,
    Finish,
    ModelRequest,
    ReasoningDelta,
    Text,
    TextDelta,
    ToolCall,
    Usage,
    WireEvent,
)
from parley.providers.wire import wire_named
from parley.providers.wire.calls import HttpWire
from parley.providers.wire.reading import Reading

HONEST: Final = {dialect: honest(dialect) for dialect in DIALECTS}
ODD_BYTES: Final = (
    b"\n", b"\r", b"\n\n", b"\r\n\r\n", b"\0", b"data:", b"event:", b'"', b"{", b"}", b"[", b"]", b",", b"\\ud83d",
    b"\\u0000", b"\xf0", b"\xef\xbb\xbf", b"null", b"-1", b"1e999", b"[DONE]", b"\x1f\x8b",
)  # fmt: skip
ODD_VALUES: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 2**40, 1.5, "", "a", "\0", [], {}, [None], [[]], {"a": 1}, "stop", ["x", {"text": 5}],
)  # fmt: skip


def check(seed: int) -> None:
    """Raises `AssertionError`, naming the seed, for a stream on which a wire does not keep what it must."""
    chance = random.Random(seed)
    dialect = DIALECTS[seed % len(DIALECTS)]
    stream = spoiled(dialect, chance)
    cuts = [chance.randrange(len(stream) + 1) for _ in range(chance.randrange(8))]
    try:
        check_at_cuts(dialect, stream, cuts)
    except Exception as error:
        raise AssertionError(f"seed {seed}, {dialect.WIRE}: {error!r} on {stream!r} cut at {cuts}") from error


def check_at_cuts(dialect: type[Dialect], stream: bytes, cuts: Sequence[int]) -> None:
    """Read `stream` whole and in pieces; both must end, alike, and with words that can be stored."""
    ends = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    whole, whole_fault = read(dialect, stream)
    events, fault = read(dialect, *(stream[start:end] for start, end in pairwise(ends) if start < end))
    assert type(fault) is type(whole_fault)
    assert _sum(events) == _sum(whole)
    assert sum(isinstance(event, Finish) for event in events) == (fault is None)
    for event in events:
        _check_storable(event)


def read(dialect: type[Dialect], *chunks: bytes) -> tuple[list[WireEvent], EndpointError | None]:
    """All events of an answer that comes in these chunks, and the fault that ended it, if any."""
    reading = reading_of(dialect)
    events: list[WireEvent] = []
    for chunk in [*filter(None, chunks), b""]:
        if reading.ended:
            break
        events += reading.take(chunk)
    assert reading.ended
    return events + reading.close(), reading.fault


def reading_of(dialect: type[Dialect]) -> Reading:
    wire = wire_named(dialect.WIRE)
    assert isinstance(wire, HttpWire)
    request = ModelRequest(dialect.MODEL, (ChatMessage("user", (Text("hello"),)),))
    return wire.reading(dialect().route("http://vendor.example/v1"), request)


def spoiled(dialect: type[Dialect], chance: random.Random) -> bytes:
    """An answer of some pieces, some with other values inside, some of its bytes harmed."""
    pieces = HONEST[dialect]
    middle = chance.choices(pieces, k=chance.randrange(1, 6))
    if chance.random() < 0.7:
        middle = [_other_values(piece, chance) for piece in middle]
    extra = [dialect().overloaded()] if chance.random() < 0.1 else []
    stream = bytearray(b"".join([pieces[0], *middle, *extra, pieces[-1]]))
    if chance.random() < 0.3:
        stream = stream.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\r"]))
    for _ in range(chance.randrange(5)):
        harm(stream, chance)
    return bytes(stream)


def harm(stream: bytearray, chance: random.Random) -> None:
    """Cut out, double, put in or replace some bytes, anywhere."""
    at = chance.randrange(len(stream) + 1)
    match chance.randrange(6):
        case 0:
            del stream[at : at + chance.randrange(1, 40)]
        case 1:
            stream[at:at] = stream[at : at + chance.randrange(1, 200)]
        case 2:
            stream[at:at] = chance.randbytes(chance.randrange(1, 6))
        case 3:
            stream[at:at] = chance.choice(ODD_BYTES)
        case 4:
            del stream[at:]
        case 5:
            if at < len(stream):
                stream[at] ^= 1 << chance.randrange(8)


def _other_values(piece: bytes, chance: random.Random) -> bytes:
    """The piece with one value of its JSON replaced by an odd one, or one field left out."""
    lines = piece.split(b"\n")
    places = [place for place, line in enumerate(lines) if line.lstrip(b"data: ")[:1] == b"{"]
    if not places:
        return piece
    place = chance.choice(places)
    line = lines[place]
    at = line.index(b"{")
    document = json.loads(line[at:])
    _spoil(document, chance)
    lines[place] = line[:at] + json.dumps(document).encode()
    return b"\n".join(lines)


def _spoil(document: Any, chance: random.Random) -> None:
    inside = document
    while True:
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        if not keys:
            return
        key = chance.choice(keys)
        deeper = inside[key]
        if isinstance(deeper, dict | list) and deeper and chance.random() < 0.75:
            inside = deeper
            continue
        if isinstance(inside, dict) and chance.random() < 0.2:
            del inside[key]
        else:
            inside[key] = chance.choice(ODD_VALUES)
        return


def _sum(events: Sequence[WireEvent]) -> tuple[object, ...]:
    """What an answer adds up to. Ids that we make up ourselves are left out."""
    return (
        "".join(event.text for event in events if isinstance(event, TextDelta)),
        "".join(event.text for event in events if isinstance(event, ReasoningDelta)),
        [(event.name, event.arguments, event.opaque) for event in events if isinstance(event, ToolCall)],
        [event for event in events if isinstance(event, Finish | Usage)],
    )


def _check_storable(event: WireEvent) -> None:
    if isinstance(event, TextDelta | ReasoningDelta):
        assert event.text
        event.text.encode()  # a lone surrogate would not
        assert "\0" not in event.text
    elif isinstance(event, ToolCall):
        assert event.name
        for said in (event.id, event.name, event.arguments, event.opaque):
            said.encode()
            assert "\0" not in said
    elif isinstance(event, Usage):
        assert 0 <= event.input_tokens < 2**31
        assert 0 <= event.output_tokens < 2**31
        assert 0 <= event.cached_tokens <= event.input_tokens
