"""From token ids to text, a piece at a time."""

from typing import Any

from tokenizers.decoders import DecodeStream
from transformers import PreTrainedTokenizerBase


class Text:
    """Gives text as soon as it is whole: not half a character, nor what may become a stop text.

    `stopped` is True once a stop text has come; it and what follows are left out.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, stops: tuple[str, ...]) -> None:
        self._decoder = decoder_of(tokenizer)
        self._stops = stops
        self._held = ""
        self.stopped = False

    def take(self, token: int) -> str:
        self._held += self._decoder.step(token)
        return self._release()

    def end(self) -> str:
        """What was held back, when no token follows."""
        held, self._held = self._held, ""
        return "" if self.stopped else held

    def _release(self) -> str:
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            self.stopped = True
            given, self._held = self._held[: min(places)], ""
            return given
        kept = max((_overlap(self._held, stop) for stop in self._stops), default=0)
        given, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return given


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of the text are the beginning of the stop."""
    return next((size for size in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:size])), 0)


class _Fast:
    """By the tokenizers library, which keeps what it needs of the tokens before."""

    def __init__(self, tokenizer: Any) -> None:  # tokenizers.Tokenizer, which has no types
        self._tokenizer = tokenizer
        self._stream = DecodeStream(skip_special_tokens=True)

    def step(self, token: int) -> str:
        return self._stream.step(self._tokenizer, token) or ""


class _Plain:
    """For the few tokenizers in Python: what the last tokens say with the newest, less what they said without it."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._given = 0  # how many of the ids have been given as text

    def step(self, token: int) -> str:
        self._ids.append(token)
        before, after = self._decode(self._ids[: self._given]), self._decode(self._ids)
        if after.endswith("\N{REPLACEMENT CHARACTER}"):
            return ""
        # The newest ids stay, since how a token is written may hang on the one before it.
        self._ids = self._ids[self._given :]
        self._given = len(self._ids)
        return after[len(before) :]

    def _decode(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True))


def decoder_of(tokenizer: PreTrainedTokenizerBase) -> _Fast | _Plain:
    backend = getattr(tokenizer, "backend_tokenizer", None)
    return _Fast(backend) if backend is not None else _Plain(tokenizer)
