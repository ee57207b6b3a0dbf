"""JSON that strangers write."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.errors import Unreadable
from parley.core.strict_json import parse_json


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"NaN",
        b"-Infinity",
        b"1e999",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b"9223372036854775808",
        b"9" * 5000,
        b'"\\ud800"',
        b'"\xff"',
        b'"\\u0000"',
        b'"\\\\\\u0000"',
        b"[" * 100_000,
        b"[" * 2000 + b"]" * 2000,
        b"\xef\xbb\xbf{}",
        b"{" + b",".join(b'"k%d":1' % number for number in range(1001)) + b"}",
    ],
    ids=lambda raw: raw[:24],
)
def test_what_is_doubtful_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_json(raw)


def test_a_text_about_the_escape_of_nul_is_no_nul() -> None:
    assert parse_json(rb'"\\u0000"') == r"\u0000"
    assert parse_json(rb'"C:\\\\u0000"') == r"C:\\u0000"


def test_a_long_message_is_read_at_once() -> None:
    raw = b'{"text": "' + b"x" * 1_000_000 + b'"}'
    start = time.process_time()
    parse_json(raw)
    assert time.process_time() - start < 1


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    with suppress(Unreadable):
        parse_json(raw)
