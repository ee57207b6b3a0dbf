"""The shapes of one tokenizer, compiled once each."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
from llguidance import LLMatcher
from llguidance.hf import from_tokenizer

from model_service.shapes.asked import Asked
from model_service.shapes.ending import Endings, Tails
from model_service.shapes.grammar import matcher_for, patterns
from model_service.shapes.json_place import Place, writes_exponent
from model_service.values import Bits

KEPT: Final = 256  # compiled shapes; a small schema takes some 100 kB


@dataclass(frozen=True, slots=True)
class Compiled:
    """`matcher` stands at the beginning: sequences take copies. `shortest`: tokens of a short answer; 0 if none was found."""

    matcher: LLMatcher
    shortest: int
    tails: Tails
    is_json: bool


class Shapes:
    """`vocab_size`: of the model's logits, which may be wider than the tokenizer. Safe to call from several threads."""

    def __init__(self, tokenizer: Any, vocab_size: int, eos_ids: Sequence[int]) -> None:  # Any: a fast HF tokenizer
        """Takes half a second for a large vocabulary. Raises ValueError for a tokenizer that is not a fast one."""
        self.tokenizer = from_tokenizer(tokenizer, n_vocab=vocab_size, eos_token=list(eos_ids))
        self.vocab_size = vocab_size
        self.eos_ids = frozenset(eos_ids)
        self.pieces = [self._piece(token) for token in range(vocab_size)]
        self.endings = Endings(self.tokenizer, self.pieces)
        self.ends_only = self.bits([token in self.eos_ids for token in range(vocab_size)])
        self.no_digit = self.bits([not piece[:1].isdigit() for piece in self.pieces])
        self._no_exponent = {after: self._without_exponents(after) for after in (False, True)}
        self._compiled: OrderedDict[Asked, Compiled] = OrderedDict()
        self._lock = Lock()

    def compiled(self, asked: Asked) -> Compiled:
        """Raises `ShapeRefused`. The first time for each takes milliseconds, at worst a second: not on an event loop."""
        with self._lock:
            known = self._compiled.get(asked)
            if known:
                self._compiled.move_to_end(asked)
                return known
        new = self._compile(asked)
        with self._lock:
            self._compiled[asked] = new
            while len(self._compiled) > KEPT:
                self._compiled.popitem(last=False)
        return new

    def bits(self, tokens: Sequence[bool]) -> Bits:
        """`tokens`: for each of all `vocab_size`, whether it is among them."""
        packed = np.packbits(np.array(tokens, np.bool_), bitorder="little")
        return np.pad(packed, (0, -len(packed) % 4)).view(np.uint32)

    def no_exponent(self, *, after_digit: bool) -> Bits:
        """All tokens but those that write the exponent of a number, from outside of a string."""
        return self._no_exponent[after_digit]

    def _compile(self, asked: Asked) -> Compiled:
        matcher = matcher_for(asked, self.tokenizer)
        is_json = asked.kind == "json"
        tails = self.endings.tails(patterns(asked), are_quoted=is_json)
        end = self.endings.find(matcher, Place() if is_json else None, tails)
        return Compiled(matcher, len(end) if end else 0, tails, is_json)

    def _piece(self, token: int) -> bytes:
        return b"" if self.tokenizer.is_special_token(token) else self.tokenizer.decode_bytes([token])

    def _without_exponents(self, after_digit: bool) -> Bits:
        return self.bits(
            [b"e" not in piece.lower() or not writes_exponent(piece, after_digit) for piece in self.pieces]
        )
