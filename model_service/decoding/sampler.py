"""From logits to one token for each sequence."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Protocol

import torch

from model_service.decoding.shaping import Banned, keep_shapes
from model_service.values import Sampling, Shape


class Chooser(Protocol):
    """What the sampler asks of a sequence. `chance` draws for it alone, so that a seed holds whoever decodes beside it."""

    sampling: Sampling
    shape: Shape | None
    chance: Random
    said: Counter[int]


def choose(logits: torch.Tensor, choosers: Sequence[Chooser], banned: Banned | None = None) -> list[int]:
    """One token for each. `logits`: [sequences, vocabulary], any float type; `banned`: what their shapes forbid (`shaping`)."""
    logits = logits.float()
    if any(chooser.sampling.frequency_penalty or chooser.sampling.presence_penalty for chooser in choosers):
        logits = _penalised(logits, choosers)
    keep_shapes(logits, [chooser.shape for chooser in choosers], banned)
    likeliest: list[int] = logits.argmax(dim=-1).tolist()
    drawn = [row for row, chooser in enumerate(choosers) if chooser.sampling.temperature > 0]
    if drawn:
        for row, token in zip(drawn, _draw(logits[drawn], [choosers[row] for row in drawn]), strict=True):
            likeliest[row] = token
    return likeliest


def _draw(logits: torch.Tensor, choosers: Sequence[Chooser]) -> list[int]:
    """By one number between 0 and 1 for each row, laid along the running sum of what is likely."""
    temperatures = logits.new_tensor([max(chooser.sampling.temperature, 1e-4) for chooser in choosers])
    likely = torch.softmax(logits / temperatures[:, None], dim=-1)
    if any(chooser.sampling.top_p < 1 for chooser in choosers):
        likely = _within_top_p(likely, likely.new_tensor([chooser.sampling.top_p for chooser in choosers]))
    running = likely.cumsum(dim=-1)
    places = running.new_tensor([[chooser.chance.random()] for chooser in choosers]) * running[:, -1:]
    tokens = torch.searchsorted(running, places, right=True)[:, 0].clamp(max=logits.shape[-1] - 1)
    return [int(token) for token in tokens]


def _within_top_p(likely: torch.Tensor, top_p: torch.Tensor) -> torch.Tensor:
    """Zero for all but the likeliest that together reach `top_p`, [rows]; the likeliest always stays."""
    ordered, places = likely.sort(dim=-1, descending=True)
    before = ordered.cumsum(dim=-1) - ordered
    ordered = ordered.masked_fill(before >= top_p.clamp(min=1e-6)[:, None], 0.0)
    return torch.zeros_like(likely).scatter_(-1, places, ordered)


def _penalised(logits: torch.Tensor, choosers: Sequence[Chooser]) -> torch.Tensor:
    """As OpenAI's reference says: minus the count times one penalty, minus the other once."""
    logits = logits.clone()
    for row, chooser in enumerate(choosers):
        if chooser.said:
            tokens = torch.tensor(list(chooser.said), device=logits.device)
            counts = logits.new_tensor(list(chooser.said.values()))
            sampling = chooser.sampling
            logits[row, tokens] -= counts * sampling.frequency_penalty + sampling.presence_penalty
    return logits
