"""One answer in the making."""

import time
from collections import Counter
from collections.abc import Callable
from random import Random

from transformers import PreTrainedTokenizerBase

from model_service.decoding.text import Text
from model_service.values import Ask, Finish, Piece, Usage

Deliver = Callable[[Piece], None]
"""Called from the decode thread; must not wait."""


class Sequence:
    """What the batcher knows of one. `ids`: what was chosen so far; the last of them has not been fed to the model yet."""

    def __init__(self, ask: Ask, tokenizer: PreTrainedTokenizerBase, deliver: Deliver) -> None:
        self.ask = ask
        self.sampling, self.shape = ask.sampling, ask.shape
        self.chance = Random(ask.sampling.seed)  # noqa: S311  # chooses words, guards nothing
        self.ids: list[int] = []
        self.said: Counter[int] = Counter()
        self.cached = 0
        self.asked_at = time.monotonic()
        self.is_cancelled = False
        self._text = Text(tokenizer, ask.stops)
        self._deliver = deliver

    @property
    def reach(self) -> int:
        """Tokens that it may come to hold."""
        return len(self.ask.prompt) + self.ask.max_tokens

    def take(self, token: int, ends: frozenset[int]) -> bool:
        """Go on by a token, and give what it adds. Returns whether that was the last one."""
        self.ids.append(token)
        self.said[token] += 1
        is_end = token in ends
        text = "" if is_end else self._text.take(token)
        shaped = self.shape is not None and self.shape.take(token)
        if self.shape is not None and self.shape.error:
            self.fail(f"The shape that was asked for outgrew what can be kept to: {self.shape.error}")
            return True
        finish: Finish | None = "stop" if is_end or shaped or self._text.stopped else None
        if finish is None and len(self.ids) >= self.ask.max_tokens:
            finish = "length"
        if finish:
            text += self._text.end()
        if text or finish:
            self._give(Piece(text, self.usage, finish))
        return finish is not None

    def fail(self, why: str, *, of_memory: bool = False) -> None:
        self._give(Piece("", self.usage, error=why, error_code="no_memory" if of_memory else "model_failed"))

    def _give(self, piece: Piece) -> None:
        if not self.is_cancelled:
            self._deliver(piece)

    @property
    def usage(self) -> Usage:
        return Usage(prompt=len(self.ask.prompt), completion=len(self.ids), cached=self.cached)
