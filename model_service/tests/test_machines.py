"""Rows of different lengths, stepped together, must get what each would get alone."""

from pathlib import Path
from typing import Any

import pytest
import torch

from model_service.decoding.apart import ApartMachine
from model_service.decoding.causal import CausalMachine
from model_service.decoding.machine import Machine
from model_service.decoding.proof import machine_for
from model_service.decoding.seq2seq import Seq2SeqMachine
from model_service.settings import Settings
from model_service.shelf.folders import look_into
from model_service.shelf.loader import Loaded, load
from model_service.values import Ask


def loaded(made: Path, name: str) -> Loaded:
    return load(look_into(made / name), Settings())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("llama", CausalMachine),
        ("mistral", CausalMachine),
        ("gpt2", CausalMachine),
        ("mamba", ApartMachine),
        ("blenderbot", Seq2SeqMachine),
        ("t5", Seq2SeqMachine),
    ],
)
def test_a_model_gets_the_machine_that_is_right_for_it(made: Path, name: str, kind: type[Machine]) -> None:
    assert type(machine_for(loaded(made, name).model)) is kind


@pytest.mark.parametrize("name", ["llama", "mistral", "gpt2", "blenderbot", "t5"])
def test_coming_and_going_changes_no_answer(made: Path, name: str) -> None:
    """Five sequences of different lengths; one comes or goes every few steps, and the window grows on the way."""
    model = loaded(made, name).model
    opening = [0] if model.config.is_encoder_decoder else []
    asks = [
        Ask([6 + (place * 7 + row) % 50 for place in range(length)], 40, opening)
        for row, length in enumerate((3, 90, 11, 40, 7))
    ]
    machine = machine_for(model)
    present: list[int] = []
    found: dict[int, list[int]] = {row: [] for row in range(5)}
    for turn in range(40):
        if turn % 4 == 0 and turn // 4 < 5:
            row = turn // 4
            prompted = machine.begin(asks[row], 0, ())
            first = machine.feed(prompted, 1000)
            assert first is not None
            machine.join(prompted)
            present.append(row)
            found[row].append(int(first.argmax()))
        if turn in (22, 27, 31):
            machine.leave(1)
            present[1] = present[-1]
            present.pop()
        for row, logits in zip(present, machine.step([found[row][-1] for row in present]), strict=True):
            found[row].append(int(logits.argmax()))

    for row, ask in enumerate(asks):
        assert found[row] == alone(model, ask, len(found[row])), row


def alone(model: Any, ask: Ask, count: int) -> list[int]:
    """By the library itself, with no cache at all."""
    said: list[int] = []
    for _ in range(count):
        with torch.inference_mode():
            if model.config.is_encoder_decoder:
                ids = {
                    "input_ids": torch.tensor([ask.prompt]),
                    "decoder_input_ids": torch.tensor([[*ask.opening, *said]]),
                }
            else:
                ids = {"input_ids": torch.tensor([[*ask.prompt, *said]])}
            said.append(int(model(**ids, use_cache=False).logits[0, -1].argmax()))
    return said
