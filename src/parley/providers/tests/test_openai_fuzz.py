"""Whatever bytes come, and wherever they are cut: an answer of Chat Completions ends, and reads alike."""

import os
import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.providers.tests.fuzz import harm
from parley.providers.tests.openai_reading import read, text_of
from parley.providers.tests.vendor_server import DONE, STOP, delta, event, finish, said
from parley.providers.values import (
    Finish,
    ReasoningDelta,
    TextDelta,
    Usage,
)

FIELDS = [
    "choices",
    "delta",
    "content",
    "index",
    "tool_calls",
    "function",
    "arguments",
    "name",
    "id",
    "error",
    "usage",
    "prompt_tokens",
    "completion_tokens",
    "finish_reason",
    "message",
    "reasoning",
    "text",
    "code",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(["", "a", "0", "stop", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
good = st.sampled_from([said("a"), said("ä🙂"), STOP, DONE, finish("length"), delta(reasoning="r"), b": c\n\n"])
parts = st.one_of(
    good,
    good.map(lambda raw: raw.replace(b"\n", b"\r\n")),
    json_values.map(event),
    json_values.map(lambda value: event({"choices": [value]})),
    json_values.map(lambda value: event({"choices": [{"delta": value}]})),
    json_values.map(lambda value: delta(tool_calls=value)),
    st.binary(max_size=20),
    st.tuples(good, st.integers(1, 30)).map(lambda cut: cut[0][: cut[1]]),
)
HONEST = (
    said("a"),
    said("\u00e4\U0001f642"),
    delta(reasoning="r"),
    delta(tool_calls=[{"index": 0, "id": "c1", "function": {"name": "f", "arguments": "{}"}}]),
    event({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}),
    b": keep-alive\n\n",
)
streams = st.lists(parts, max_size=12).map(b"".join)


@settings(max_examples=300)
@given(streams, st.lists(st.integers(0, 400), max_size=20))
def test_no_bytes_at_any_cut_raise_or_change_what_is_read(stream: bytes, cuts: list[int]) -> None:
    check_at_cuts(stream, cuts)


def test_no_spoiled_stream_raises_or_changes_by_its_cuts() -> None:
    """`FUZZ_STREAMS=1000000` tries as many; the seed of one that fails is in its message."""
    for seed in range(int(os.environ.get("FUZZ_STREAMS", "3000"))):
        chance = random.Random(seed)
        stream = spoiled(chance)
        try:
            check_at_cuts(stream, [chance.randrange(len(stream) + 1) for _ in range(chance.randrange(8))])
        except Exception as error:
            raise AssertionError(f"seed {seed}: {stream!r}") from error


def spoiled(chance: random.Random) -> bytes:
    """An honest answer of some tokens, with some of its bytes cut out, doubled, swapped or replaced."""
    honest = [*chance.choices(HONEST, k=chance.randrange(1, 8)), STOP, DONE]
    stream = bytearray(b"".join(honest))
    if chance.random() < 0.3:
        stream = stream.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\r"]))
    for _ in range(chance.randrange(6)):
        harm(stream, chance)
    return bytes(stream)


def check_at_cuts(stream: bytes, cuts: list[int]) -> None:
    """Read `stream` whole and in pieces; both must end, alike, and with text that can be stored."""
    ends = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    whole, whole_fault = read(stream)
    events, fault = read(*(stream[start:end] for start, end in pairwise(ends) if start < end))
    assert text_of(events) == text_of(whole)
    assert type(fault) is type(whole_fault)
    assert [e for e in events if isinstance(e, Finish | Usage)] == [e for e in whole if isinstance(e, Finish | Usage)]
    assert sum(isinstance(event, Finish) for event in events) == (fault is None)
    for one in events:
        if isinstance(one, TextDelta | ReasoningDelta):
            assert one.text
            one.text.encode()  # a lone surrogate would not
