import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.words import MAX_TERMS, STOP_WORDS, Terms, sameness, terms_of, words_said


def test_a_natural_question_loses_its_stop_words() -> None:
    assert terms_of("How do I connect a model?") == Terms(("connect", "model"), last_is_prefix=False)
    assert terms_of("where is it, and what's that for?").words == ()


def test_a_word_that_is_said_twice_is_one_term() -> None:
    assert terms_of("Backup, backup and BACKUP!").words == ("backup",)


@pytest.mark.parametrize(
    ("typed", "is_open"),
    [
        ("connect an oll", True),
        ("connect an ollama?", False),
        ("connect to", False),
        ("connect ", False),
        ("an ol", False),
    ],
)
def test_the_last_word_is_a_prefix_while_it_may_still_be_typed(typed: str, is_open: bool) -> None:
    assert terms_of(typed).last_is_prefix is is_open


def test_a_long_message_is_known_by_its_first_and_last_words() -> None:
    terms = terms_of("zebra " + " ".join(f"w{n}" for n in range(40_000)) + " giraffe")

    assert (terms.words[0], terms.words[-1]) == ("zebra", "giraffe")
    assert len(terms.words) == MAX_TERMS


@given(st.text(max_size=500))
def test_terms_are_words_whatever_was_typed(typed: str) -> None:
    for word in terms_of(typed).words:
        assert word.isalnum()
        assert word not in STOP_WORDS


def test_sameness_counts_stop_words_too() -> None:
    assert sameness("Where is my data?", "where is my data") == 1
    assert 0 < sameness("Where is my data?", "How do I delete my data?") < 0.5
    assert sameness("", "") == sameness("pear", "") == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Übungen im Zoo!", ["ubungen", "im", "zoo"]),
        ("U\u0308bungen", ["ubungen"]),
        ("Straße, ﬁn, x²", ["strasse", "fin", "x2"]),
        ("main.py foo_bar", ["main", "py", "foo", "bar"]),
        ("漢字 and\0nul \ud800", ["漢字", "and", "nul"]),
        ("… – '", []),
    ],
)
def test_words_are_in_lower_case_and_without_accents(text: str, words: list[str]) -> None:
    assert [said.word for said in words_said(text)] == words


def test_a_word_knows_where_it_stands() -> None:
    said = words_said("The Übung.")[1]

    assert "The Übung."[said.start : said.end] == "Übung"
