import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.conversations.titles import EXCERPT_LENGTH, clean_title, excerpt_title


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("The Height of Giraffes", "The Height of Giraffes"),
        ('"The Height of Giraffes."', "The Height of Giraffes"),
        ("Title: The Height of Giraffes", "The Height of Giraffes"),
        ("**Title:** The Height of Giraffes\n", "The Height of Giraffes"),
        ("# The Height of Giraffes", "The Height of Giraffes"),
        ("- *The Height of Giraffes*", "The Height of Giraffes"),
        ("1. The Height of Giraffes\n2. Tall Animals", "The Height of Giraffes"),
        ("🦒 The Height of Giraffes 🌍", "The Height of Giraffes"),
        ("Sure! Here is a title: The Height of Giraffes", "The Height of Giraffes"),
        ("Here's a title for this conversation:\n\nThe Height of Giraffes", "The Height of Giraffes"),
        ("<think>They ask about giraffes.\nSo:</think>\nThe Height of Giraffes", "The Height of Giraffes"),
        ("They ask about giraffes.</think>The Height of Giraffes", "The Height of Giraffes"),
        ("The Height of Giraffes\n\nLet me know if you want another one!", "The Height of Giraffes"),
        ("„Die Höhe der Giraffen“", "Die Höhe der Giraffen"),
        ("标题：长颈鹿的身高。", "长颈鹿的身高"),
        ("C++ and C# Compared", "C++ and C# Compared"),
        ("The snake_case_name Rule", "The snake_case_name Rule"),
        ("Don't Panic", "Don't Panic"),
        ("Kubernetes: Pods and Nodes", "Kubernetes: Pods and Nodes"),
        ("'90s Music in Europe", "90s Music in Europe"),
    ],
)
def test_a_title_is_taken_out_of_its_dress(raw: str, title: str) -> None:
    assert clean_title(raw) == title


@pytest.mark.parametrize(
    "chatter",
    [
        "",
        "  \n ",
        "🦒",
        '""',
        "...",
        "What would you like to talk about?",
        "您想聊什么？",
        "I'm sorry, I cannot name this",
        "Sure!",
        "Hello! How can I help you today?",
        "Giraffes are the tallest living animals on land and they reach almost six metres in height",
        "<think>I should think about this for a long",
        "长" * 81,
    ],
)
def test_chatter_is_no_title(chatter: str) -> None:
    assert clean_title(chatter) is None


@given(st.text(max_size=400))
def test_whatever_a_model_says_gives_a_short_line_or_nothing(raw: str) -> None:
    title = clean_title(raw)
    assert title is None or (title.strip() and len(title) <= 80 and "\n" not in title)


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("Hello", "Hello"),
        ("  Hello\n\n  there ", "Hello there"),
        ("word " * 30, "word word word word word word word word word word word…"),
        ("x" * 100, "x" * 59 + "…"),
        ("", ""),
    ],
)
def test_an_excerpt_is_the_first_words(text: str, excerpt: str) -> None:
    assert excerpt_title(text) == excerpt


@given(st.text(max_size=400))
def test_an_excerpt_is_never_too_long(text: str) -> None:
    assert len(excerpt_title(text)) <= EXCERPT_LENGTH
