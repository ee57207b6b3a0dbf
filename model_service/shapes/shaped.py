"""One sequence on its way through a shape: the mask over its next logits, and how it is brought to an end in time."""

from dataclasses import replace
from typing import Final

import torch

from model_service.shapes.asked import Asked
from model_service.shapes.ending import LONGEST
from model_service.shapes.grammar import first_line
from model_service.shapes.json_place import Place
from model_service.shapes.shapes import Shapes
from model_service.values import Bits

# Tokens: what a single one may add to the way to the end, by opening something large. A schema's size bounds it, roughly.
LEAST_MARGIN: Final = 96
MOST_MARGIN: Final = 1024
BYTES_A_TOKEN: Final = 8
TRIED: Final = 4  # of the likeliest tokens, when few are left: each is looked at for whether the end stays in reach
MOST_DIGITS: Final = 40  # of one number: longer ones, and exponents, are read as infinite by some readers


_QUOTES: Final = frozenset(b'"\\')


class Shaped:
    """Keeps the protocol `values.Shape`. Not for several threads at once. Raises `ShapeRefused` when it is made.

    A shape says what may follow, not when to stop, and a small model may fill a string until its `max_tokens` are used
    up. So, when they become few, only such tokens are allowed after which the end can still be reached.
    """

    def __init__(self, shapes: Shapes, asked: Asked, max_tokens: int) -> None:
        self._shapes = shapes
        self._compiled = shapes.compiled(asked)
        self._matcher = self._compiled.matcher.deep_copy()
        self._place = Place() if self._compiled.is_json else None
        self._left = max_tokens
        self._margin = min(max(len(asked.source) // BYTES_A_TOKEN, LEAST_MARGIN), MOST_MARGIN)
        self._end: list[int] | None = None  # the way to the end from here, where it is known
        self._ways: dict[int, list[int]] = {}  # and that after each token that was tried
        self._look_at = self._next_look(self._compiled.shortest)

    @property
    def vocab_size(self) -> int:
        return self._shapes.vocab_size

    def allow(self, bits: Bits) -> None:
        """Write the tokens that the shape allows next."""
        if self._matcher.is_error():
            bits[:] = self._shapes.ends_only
            return
        self._matcher.unsafe_compute_mask_ptr(bits.ctypes.data, bits.nbytes)
        if self._place and not self._place.in_string:
            self._leave_out_endless_numbers(bits, self._place)

    def narrow(self, logits: torch.Tensor) -> None:
        """When few tokens are left, allow only those after which the end can still be reached."""
        if self._left <= self._look_at:
            self._look_for_end()
        if self._end is not None and len(self._end) <= self._left <= len(self._end) + self._margin:
            self._keep_end_in_reach(logits, self._end[:1] or [*self._shapes.eos_ids])

    def take(self, token: int) -> bool:
        """Go on by the token that was chosen. Returns whether nothing may follow."""
        if token in self._shapes.eos_ids or not self._matcher.consume_token(token):
            return True
        self._left -= 1
        piece = self._shapes.pieces[token]
        if self._end is not None or self._ways:
            self._end = self._known_end(token, piece)
        if self._place:
            self._place.read(piece)
        return self._matcher.is_stopped() or (self._left <= 0 and self.is_whole)

    @property
    def is_whole(self) -> bool:
        """Whether what was written keeps the shape, though it might go on."""
        return not self._matcher.is_error() and self._matcher.is_accepting()

    @property
    def error(self) -> str:
        """Why there was no going on: the shape outgrew a limit. Empty when nothing is wrong."""
        return first_line(self._matcher) if self._matcher.is_error() else ""

    # --- The end ------------------------------------------------------------------------------------------------------

    def _look_for_end(self) -> None:
        if self._end is None:
            self._end = self._find_end(self._place)
        # Where no end is in reach there is hardly one later; to look at each token would cost more than the model.
        self._look_at = self._left // 2 if self._end is None else self._next_look(len(self._end))

    def _next_look(self, length: int) -> int:
        """With how many tokens left to look for the end again: near it at each token, before that rarely."""
        window = max(2 * length, self._compiled.shortest) + 2 * self._margin
        return window if self._left <= window else max(window, self._left // 2)

    def _find_end(self, place: Place | None) -> list[int] | None:
        most = min(LONGEST, max(self._left, 0) + 1)
        return self._shapes.endings.find(self._matcher, place, self._compiled.tails, most)

    def _known_end(self, token: int, piece: bytes) -> list[int] | None:
        """The way to the end after `token`, where it follows from what is known; it is found anew only when it is asked for."""
        known, ways, self._ways = self._end, self._ways, {}
        if token in ways:
            return ways[token]
        return known[1:] if known and known[0] == token else self._same_way(piece)

    def _keep_end_in_reach(self, logits: torch.Tensor, towards_end: list[int]) -> None:
        likeliest = logits.topk(min(TRIED, len(logits)))
        tried = zip(likeliest.values.tolist(), likeliest.indices.tolist(), strict=True)
        for score, token in tried:
            way = self._way_after(token) if score != -torch.inf else None
            if way is not None and len(way) < self._left:
                self._ways[token] = way
        kept = list({*towards_end, *self._ways})
        scores = logits[kept].clone()
        logits.fill_(-torch.inf)
        # What leads to the end may be something that the model never says: it is allowed all the same.
        logits[kept] = scores.nan_to_num(neginf=0.0)

    def _way_after(self, token: int) -> list[int] | None:
        if token in self._shapes.eos_ids:
            return []
        if not self._matcher.consume_token(token):
            return None
        piece = self._shapes.pieces[token]
        way = self._same_way(piece)
        if way is None:
            place = replace(self._place) if self._place else None
            if place:
                place.read(piece)
            way = self._find_end(place)
        self._matcher.rollback(1)
        return way

    def _same_way(self, piece: bytes) -> list[int] | None:
        """The way that was known before `piece`: most tokens only lengthen a string, and the way out of it stays as it was."""
        known = self._end
        is_longer_string = self._place and self._place.in_string and not _QUOTES.intersection(piece)
        if known and is_longer_string and self._matcher.validate_tokens(known) == len(known):
            return known
        return None

    # --- Numbers ------------------------------------------------------------------------------------------------------

    def _leave_out_endless_numbers(self, bits: Bits, place: Place) -> None:
        if not place.digits:
            bits &= self._shapes.no_exponent(after_digit=False)
            return
        kept = bits & self._shapes.no_exponent(after_digit=True)
        if place.digits >= MOST_DIGITS:
            kept &= self._shapes.no_digit
        if kept.any():
            bits[:] = kept
