"""Weights in fewer bytes: whether the models still answer. What it brings is a matter of the machine."""

import pytest
import torch

from model_service.shelf.loader import size_of
from model_service.shelf.quantised import quantise
from model_service.tests.conftest import Start
from model_service.tests.test_together import ask


@pytest.mark.parametrize("model", ["llama", "blenderbot"])
@pytest.mark.parametrize("how", ["bfloat16", "int8"])
def test_a_model_with_smaller_weights_answers(start: Start, how: str, model: str) -> None:
    client = start(quantise=how)

    assert ask(client, "Hello", model=model, max_tokens=8)["usage"]["completion_tokens"] >= 1


def test_the_memory_of_packed_weights_is_counted() -> None:
    """Else the budget would hold four times as many models as fit."""
    linear = torch.nn.Linear(64, 32)

    assert size_of(torch.nn.Sequential(linear)) == 4 * (64 * 32 + 32)
    assert size_of(quantise(torch.nn.Sequential(linear), "int8")) == 64 * 32
