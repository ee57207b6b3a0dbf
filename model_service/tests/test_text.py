"""From tokens to text."""

import pytest

from model_service.decoding.text import Text
from model_service.tests import tiny

TOKENIZER = tiny.tokenizer()


def pieces(said: str, *stops: str) -> tuple[list[str], Text]:
    text = Text(TOKENIZER, stops)
    given = []
    for token in TOKENIZER(said)["input_ids"]:
        given.append(text.take(token))
        if text.stopped:
            break
    return [*given, text.end()], text


@pytest.mark.parametrize("said", ["shown means stored", "Grüße, 世界 🦜!", "a\n\n  b"])
def test_the_pieces_are_the_text_and_no_piece_is_half_a_character(said: str) -> None:
    given, _ = pieces(said)

    assert "".join(given) == said
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in given)


def test_what_may_become_a_stop_is_held_back_until_it_is_clear() -> None:
    given, text = pieces("one END two", "ENDING")

    assert "".join(given) == "one END two"
    assert not text.stopped


def test_the_first_of_several_stops_counts() -> None:
    given, text = pieces("one STOP two END", "END", "STOP")

    assert "".join(given) == "one "
    assert text.stopped
