"""What a person gets to read of a vendor's words."""

import pytest

from parley.providers.wire.redact import SHOWN_LETTERS, shown


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-AbCdEf0123456789",
        "sk-abc********wxyz",
        "sk-or-v1-0123456789abcdef",
        "gsk_0123456789abcdef",
        "hf_0123456789abcdef",
        "xai-0123456789abcdef",
        "AIzaSy0123456789abcdef",
        "Bearer 0123456789abcdef",
    ],
)
def test_whatever_looks_like_a_key_is_hidden(key: str) -> None:
    assert shown(f"Wrong key: {key}!") == "Wrong key: [key]!"


def test_the_endpoints_own_key_is_hidden_whatever_it_looks_like() -> None:
    assert shown("Wrong key: Tr0ub4dor&3.", secret="Tr0ub4dor&3") == "Wrong key: [key]."


@pytest.mark.parametrize("words", ["skateboarding is a risk-taking task", "a key-value-store", "hf is short"])
def test_plain_words_stay(words: str) -> None:
    assert shown(words) == words


def test_words_are_one_line_without_tags_and_short() -> None:
    assert shown("<html>\n <b>No</b>\r\n\0 way </html>") == "No way"
    assert len(shown("word " * 1000)) <= SHOWN_LETTERS
    assert len(shown("<" * 5_000_000)) <= SHOWN_LETTERS
