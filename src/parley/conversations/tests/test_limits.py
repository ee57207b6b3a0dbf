import pytest
from pytest_django import Settings

from parley.conversations.limits import check_parts
from parley.conversations.parts import ImagePart, Part, ReasoningPart, TextPart, ToolResultPart
from parley.core.errors import Invalid, TooLarge

PNG = "data:image/png;base64,iVBORw0KGgo="


def text(words: str) -> Part:
    return TextPart(text=words)


@pytest.mark.parametrize(
    "parts",
    [
        [text("Hello")],
        [text("  "), ImagePart(url=PNG)],
        [ImagePart(url=PNG)],
        [text("x" * 256 * 1024)],
        [text("👩‍👩‍👧‍👧 \t\n\x01")],
    ],
)
def test_text_and_images_may_be_posted(parts: list[Part]) -> None:
    check_parts(parts)


@pytest.mark.parametrize(
    ("parts", "cause"),
    [
        ([], "empty"),
        ([text("")], "empty"),
        ([text(" \n\t ")], "empty"),
        ([text("a\0b")], "NUL character at place 2"),
        ([text("ab\ud800")], "surrogate.* at place 3"),
        ([text("a")] * 65, "at most 64 parts"),
        ([ReasoningPart(text="hm")], "'reasoning'"),
        ([text("a"), ToolResultPart(id="1", text="x")], "'tool_result'"),
        ([ImagePart(url="https://example.org/cat.png")], "data:"),
        ([ImagePart(url="data:image/svg+xml;base64,PHN2Zz4=")], "PNG"),
        ([ImagePart(url="data:image/png;base64,***")], "broken"),
        ([ImagePart(url="data:image/png;base64,ü")], "broken"),
        ([ImagePart(url="data:image/png;base64,")], "empty"),
    ],
)
def test_what_is_no_message_is_refused_with_its_cause(parts: list[Part], cause: str) -> None:
    with pytest.raises(Invalid, match=cause):
        check_parts(parts)


@pytest.mark.parametrize(
    "parts",
    [
        [text("ä" * (128 * 1024 + 1))],
        [text("x" * 200 * 1024), text("x" * 57 * 1024)],
        [ImagePart(url=PNG + "A" * 256 * 1024)],
    ],
)
def test_more_bytes_than_allowed_are_too_large(parts: list[Part]) -> None:
    with pytest.raises(TooLarge, match="at most 262,144"):
        check_parts(parts)


def test_the_limit_is_a_setting(settings: Settings) -> None:
    settings.MESSAGE_LIMIT_BYTES = 1024
    with pytest.raises(TooLarge, match="1,025 bytes; at most 1,024"):
        check_parts([text("x" * 1025)])
