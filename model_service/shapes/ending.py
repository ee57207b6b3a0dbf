"""The shortest way, or nearly, from where an answer stands to where it may end. Knows llguidance, not the model.

A shape says what may follow, not how far the end is; so that an answer closes before its tokens are used up, the way
there is walked ahead on a copy of the matcher, by candidates that tend to lead out, each tried by the matcher.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from llguidance import LLMatcher, LLTokenizer

from model_service.shapes.json_place import Place
from model_service.shapes.pattern_example import find_example

LONGEST: Final = 2000  # tokens; a shape whose end lies further away is not closed in time
MOST_TAILS: Final = 400
# Outside of strings, the first that fits: close what is open; go on where one must; write the least value.
_BETWEEN: Final = (*"}],:1234567890", "null", "true", "false", *'"ntf[{-.')
# Within strings and expressions: what patterns ask for tends to be a mark, then a digit, then a letter.
_WITHIN: Final = (
    "@.-:/#_+ ,;=()[]{}<>|*?!$%&'^~`",
    "0123456789",
    "aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ",
)

Tails = Sequence[list[int]]


class Endings:
    """For one tokenizer."""

    def __init__(self, tokenizer: LLTokenizer, pieces: list[bytes]) -> None:
        self._tokenizer = tokenizer
        self._pieces = pieces
        ids: dict[bytes, int] = {}
        for number, piece in enumerate(pieces):
            ids.setdefault(piece, number)
        self._quote = ids.get(b'"')
        self._between = [ids[text.encode()] for text in _BETWEEN if text.encode() in ids]
        self._within = [ids[text.encode()] for text in "".join(_WITHIN) if text.encode() in ids]

    def tails(self, patterns: Iterable[str], *, are_quoted: bool) -> Tails:
        """What strings of these patterns may end with, shortest first: an example, and each of its ends.

        A pattern that waits for a word is left by that word, which no search would find.
        """
        texts: set[bytes] = set()
        for example in filter(None, map(find_example, patterns)):
            for start in range(len(example)):
                tail = example[start:]
                texts.add((json.dumps(tail, ensure_ascii=False)[1:] if are_quoted else tail).encode())
            if len(texts) > MOST_TAILS:
                break
        return [self._tokenizer.tokenize_bytes(text) for text in sorted(texts, key=len)[:MOST_TAILS]]

    def find(self, matcher: LLMatcher, place: Place | None, tails: Tails, most: int = LONGEST) -> list[int] | None:
        """The tokens to an end, none when it may end here; None when no end is found within `most`.

        `place`: where in JSON it stands; None for other shapes. The matcher is left as it was.
        """
        walk, place = matcher.deep_copy(), replace(place) if place else None
        end: list[int] = []
        within = list(self._within)
        while not (walk.is_accepting() or walk.is_stopped()):
            step = self._forced(walk)
            if not step and place and not place.in_string:
                step = self._first_of(walk, self._between)
                within = list(self._within)
            elif not step:
                step = self._out_of_string(walk, place, tails) or self._in_turn(walk, within)
            step = step or _any(walk)
            if not step or len(end) + len(step) > most or not walk.consume_tokens(step):
                return None
            end += step
            if place:
                for token in step:
                    place.read(self._pieces[token])
        return None if walk.is_error() else end

    def _forced(self, walk: LLMatcher) -> list[int]:
        """What can only follow, in as few tokens as the tokenizer has for it."""
        forced = walk.compute_ff_bytes()
        if not forced:
            return []
        tokens = self._tokenizer.tokenize_bytes(forced)
        possible: list[int] = tokens[: walk.validate_tokens(tokens)]
        return possible

    def _out_of_string(self, walk: LLMatcher, place: Place | None, tails: Tails) -> list[int]:
        if place and self._quote is not None and walk.validate_tokens([self._quote]):
            return [self._quote]
        for tail in tails:
            if walk.validate_tokens(tail) == len(tail) and (place or _ends(walk, tail)):
                return tail
        return []

    def _first_of(self, walk: LLMatcher, candidates: list[int]) -> list[int]:
        return next(([token] for token in candidates if walk.validate_tokens([token])), [])

    def _in_turn(self, walk: LLMatcher, within: list[int]) -> list[int]:
        """What was written least lately comes first: a pattern gets at last the letter that it waits for."""
        step = self._first_of(walk, within)
        if step:
            within.remove(step[0])
            within.append(step[0])
        return step


def _ends(walk: LLMatcher, tail: list[int]) -> bool:
    ahead = walk.deep_copy()
    return bool(ahead.consume_tokens(tail) and ahead.is_accepting())


def _any(walk: LLMatcher) -> list[int]:
    """The first token of all that fits: a letter beyond ASCII, or of a vocabulary without single letters."""
    for number, byte in enumerate(walk.compute_bitmask()):
        if byte:
            return [number * 8 + (byte & -byte).bit_length() - 1]
    return []
