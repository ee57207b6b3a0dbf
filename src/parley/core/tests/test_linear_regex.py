"""Regular expressions in linear time: they say what Python's say, and refuse what they do not know."""

import random
import re
import time

import pytest

from parley.core.errors import Invalid
from parley.core.linear_regex import LinearRegex

PATTERNS = [
    "abc", "a|b|cd", "a*", "a+b?", "(ab)*c", "(?:a|b){2,3}", "a{2}", "a{1,}", "[abc]+", "[^ab]c", "[a-c]{2}", r"\d{2}-\d",
    r"\w+", r"\s?a", ".", "a.c", r"a\.c", "(a|ab)(c|bcd)*", "", "()", "(a*)*", "((a|b)*c)?", r"[\da]b", "[]a]", "[a-]", "a{b",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_what_it_means_to_python(pattern: str) -> None:
    chance = random.Random(1)
    ours, theirs = LinearRegex(pattern), re.compile(pattern)
    for _ in range(300):
        text = "".join(chance.choices("abcd1-. {", k=chance.randrange(7)))
        assert ours.fullmatch(text) == bool(theirs.fullmatch(text)), text
        assert ours.search(text) == bool(theirs.search(text)), text


@pytest.mark.parametrize(
    ("pattern", "text", "found"), [("^a", "ba", False), ("^a", "ab", True), ("a$", "ba", True), ("a$", "ab", False)]
)
def test_a_search_may_be_anchored(pattern: str, text: str, *, found: bool) -> None:
    assert LinearRegex(pattern).search(text) is found


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "a)", "*", "a**?", "[a", "a\\", "(?=a)", "(?P<n>a)", r"(a)\1", "a{3,1}", "a{9999}", "(" * 400, "x" * 501,
     "((a{300}){300}){300}", "((){300}){300}", "[b-a]", "a^b", r"\b"],
)  # fmt: skip
def test_what_is_not_known_or_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid):
        LinearRegex(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "a*a*a*a*a*b"])
def test_no_pattern_explodes(pattern: str) -> None:
    began = time.process_time()
    assert not LinearRegex(pattern).fullmatch("a" * 3000)
    assert time.process_time() - began < 1
