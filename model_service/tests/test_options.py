"""Weights in fewer bytes: whether the models still answer. What it brings is a matter of the machine."""

import pytest

from model_service.tests.conftest import Start
from model_service.tests.test_together import ask


@pytest.mark.parametrize("model", ["llama", "blenderbot"])
@pytest.mark.parametrize("how", ["bfloat16", "int8"])
def test_a_model_with_smaller_weights_answers(start: Start, how: str, model: str) -> None:
    client = start(quantise=how)

    assert ask(client, "Hello", model=model, max_tokens=8)["usage"]["completion_tokens"] >= 1
