"""The models themselves: what takes tokens and gives logits. The batcher drives one, and knows neither kind nor family.

A sequence comes in by `begin` and `feed` (its prompt, a stretch at a time), joins the running rows by `join`, is stepped with all
others by `step`, and goes by `leave`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from transformers.cache_utils import DynamicCache

from model_service.decoding.window import Pair
from model_service.values import Ask


@dataclass(slots=True)
class Prompted:
    """A sequence whose prompt is being read. `cache`: what the library made of it so far."""

    ask: Ask
    cache: Any  # the library's; which class of it, the family decides
    left: list[int]
    cached: int = 0
    encoded: torch.Tensor | None = field(default=None)  # seq2seq: [1, tokens, size]


class Machine(Protocol):
    """All tensors are on its device; logits are [rows, vocabulary]. `model` may be wrapped by adapters between two steps."""

    model: Any  # the library's; its class differs by family

    @property
    def rows(self) -> int: ...

    def begin(self, ask: Ask, known: int, pairs: Sequence[Pair]) -> Prompted:
        """`known` first tokens of the prompt need not be read: these are their pairs."""

    def feed(self, prompted: Prompted, tokens: int) -> torch.Tensor | None:
        """Read the next so many at most; the logits after the last, [1, vocabulary], or None when some are left."""

    def join(self, prompted: Prompted) -> None: ...

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """The newest token of each row; the logits of the next."""

    def kept(self, row: int) -> list[Pair]:
        """What may serve as a prefix, one pair a layer; empty where this machine has nothing of use."""

    def leave(self, row: int) -> None:
        """The last row takes the place."""


def pairs_of(cache: DynamicCache) -> list[Pair]:
    """Raises AttributeError when a layer holds something else."""
    layers: Any = cache.layers  # a union of all that the library has
    return [(layer.keys, layer.values) for layer in layers]


def cache_of(pairs: Sequence[Pair]) -> DynamicCache:
    """One that goes on from these; it copies them when it grows. Sliding windows are kept whole, and cut by the masks."""
    return DynamicCache(ddp_cache_data=list(pairs)) if pairs else DynamicCache()
