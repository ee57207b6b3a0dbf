"""Whether rows of different lengths, stepped together, get what each would get alone. Asked of every model when it is loaded.

Families differ in what they do with places, masks and caches, and new ones come. A list of those that are known would be wrong
by tomorrow; a few steps on made-up tokens tell in a moment, and a model that fails is served a sequence at a time.
"""

from typing import Any, Final

import torch

from model_service.decoding.apart import ApartMachine
from model_service.decoding.causal import CausalMachine
from model_service.decoding.machine import Machine
from model_service.decoding.seq2seq import Seq2SeqMachine
from model_service.memory import ran_out
from model_service.values import Ask

_LENGTHS: Final = (9, 3)
_STEPS: Final = 3
_TOLERANCE: Final = 0.02  # of the spread of the logits; a wrong place or mask is off by far more, float16 by less


def machine_for(model: Any) -> Machine:
    """The fastest machine that is right."""
    together: Machine = Seq2SeqMachine(model) if model.config.is_encoder_decoder else CausalMachine(model)
    return together if _holds(model, together) else ApartMachine(model)


def _holds(model: Any, together: Machine) -> bool:
    asks = [_ask(model, length) for length in _LENGTHS]
    try:
        found = _logits(together, asks)
    # Families refuse in many ways what they do not know; each of them means the same here.
    except (AttributeError, IndexError, KeyError, NotImplementedError, RuntimeError, TypeError, ValueError) as error:
        if ran_out(error):
            raise  # that says nothing about the model
        return False
    wanted = torch.cat([_logits(ApartMachine(model), [ask]) for ask in asks], dim=1)
    return bool((found - wanted).abs().max() <= _TOLERANCE * wanted.std())


def _ask(model: Any, length: int) -> Ask:
    vocabulary = model.config.get_text_config(decoder=True).vocab_size
    ids = [(7 * length + 13 * place) % vocabulary for place in range(length)]
    opening = ids[: length // 2] if model.config.is_encoder_decoder else ()
    return Ask(ids, _STEPS, opening=opening)


def _logits(machine: Machine, asks: list[Ask]) -> torch.Tensor:
    """[steps, rows, vocabulary] over fixed tokens. It leaves the machine empty."""
    for ask in asks:
        prompted = machine.begin(ask, 0, ())
        machine.feed(prompted, len(ask.prompt))
        machine.join(prompted)
    steps = [machine.step([5 + step] * len(asks)).float() for step in range(_STEPS)]
    while machine.rows:
        machine.leave(0)
    return torch.stack(steps)
