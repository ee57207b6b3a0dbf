"""The decoder of Server-Sent Events: any bytes, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.providers.wire.sse import LINE_LIMIT_BYTES, SseDecoder

PIECES = [b"data:", b"data: ", b"\n", b"\r", b"\r\n", b"\n\n", b": hi", b"event: x", b"\xef\xbb\xbf", b"\xe4", b"\xb8"]
PIECES += [b"\0", b"{}", b"id", b"data", b"retry: 1", b"a" * 50, b" "]
streams = st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=60).map(b"".join)


def decoded(*chunks: bytes) -> list[bytes]:
    decoder = SseDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.end()


@given(streams, st.data())
def test_where_the_bytes_are_cut_makes_no_difference(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=30)))
    ends = [0, *cuts, len(stream)]
    chunks = [stream[start:end] for start, end in pairwise(ends)]
    assert decoded(*chunks) == decoded(stream)
    assert decoded(*(bytes([byte]) for byte in stream)) == decoded(stream)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_each_way_to_end_a_line_is_understood(end: bytes) -> None:
    lines = [b"data: one", b"", b"data: two", b"data: three", b"", b""]
    assert decoded(end.join(lines)) == [b"one", b"two\nthree"]


def test_ends_of_lines_may_be_mixed() -> None:
    assert decoded(b"data: a\r\n\r\ndata: b\n\ndata: c\r\rdata: d\r\n\n") == [b"a", b"b", b"c", b"d"]


def test_a_byte_order_mark_is_skipped_even_in_pieces() -> None:
    assert decoded(b"\xef", b"\xbb", b"\xbfdata: a\n\n") == [b"a"]


def test_comments_and_other_fields_are_skipped() -> None:
    assert decoded(b": keep-alive\n\nevent: message\nid: 7\nretry: 10\ndata: a\nwhatever\n\n") == [b"a"]


def test_one_space_after_the_colon_belongs_to_the_field() -> None:
    assert decoded(b"data:a\n\ndata:  b\n\n") == [b"a", b" b"]


def test_an_event_without_data_is_none() -> None:
    assert decoded(b"event: ping\n\ndata:\n\n") == []


def test_the_last_event_needs_no_blank_line() -> None:
    assert decoded(b"data: a\n\ndata: b") == [b"a", b"b"]


def test_letters_cut_in_two_come_out_whole() -> None:
    raw = "data: äöü 漢字 🙂\n\n".encode()
    assert decoded(*(raw[i : i + 1] for i in range(len(raw)))) == ["äöü 漢字 🙂".encode()]


@pytest.mark.parametrize("step", [1000, 65536, 50 * 1024 * 1024])
def test_a_line_without_end_is_given_up_and_what_came_before_it_stays(step: int) -> None:
    stream = b"data: a\n\ndata: " + b"x" * (50 * 1024 * 1024)
    decoder = SseDecoder()
    events: list[bytes] = []
    for start in range(0, len(stream), step):
        events += decoder.feed(stream[start : start + step])
        if decoder.overflowed:
            break
    assert decoder.overflowed
    assert events == [b"a"]
    assert decoder.feed(b"\n\ndata: b\n\n") == []
    assert decoder.end() == []


def test_an_event_of_endless_lines_is_given_up() -> None:
    decoder = SseDecoder()
    for _ in range(LINE_LIMIT_BYTES // 700 + 1):
        decoder.feed(b"data: a\n" * 100)
    assert decoder.overflowed


def test_a_line_near_the_limit_is_taken() -> None:
    text = b"x" * (LINE_LIMIT_BYTES - 10)
    assert decoded(b"data: " + text[:5000], text[5000:] + b"\n\n") == [text]
