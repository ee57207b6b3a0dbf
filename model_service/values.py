"""Plain values that doors and decoding share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import torch  # seconds that a command which only downloads need not wait

Role = Literal["system", "developer", "user", "assistant", "tool"]
Finish = Literal["stop", "length"]
Kind = Literal["causal", "seq2seq", "embedding"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation, as text."""

    role: Role
    content: str


Bits = npt.NDArray[np.uint32]
"""One bit for each token of a vocabulary, the lowest of a word first; as many words as that takes."""


class Shape(Protocol):
    """What an answer must look like: says before each token which may come next. One for each sequence."""

    def allow(self, bits: Bits) -> None:
        """Write which tokens may come next. `bits`: for `vocab_size` tokens, with anything in it."""

    def narrow(self, logits: "torch.Tensor") -> None:
        """Leave, in place, less than is allowed, where the answer would not come to its end otherwise.

        `logits`: [vocabulary], float32, minus infinity for what is not allowed.
        """

    def take(self, token: int) -> bool:
        """Go on by the token that was chosen. Returns whether nothing may follow."""

    @property
    def vocab_size(self) -> int: ...

    @property
    def error(self) -> str:
        """Why it cannot be kept to any longer; empty when it can."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a token is chosen. `temperature` 0 takes the likeliest; `seed` None draws anew each time."""

    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One sequence to decode.

    prompt: token ids; the encoder's, for a seq2seq model. opening: a seq2seq decoder's first ids.
    max_tokens: new ones at most. stops: texts that end the answer and are left out of it.
    """

    prompt: Sequence[int]
    max_tokens: int
    opening: Sequence[int] = ()
    sampling: Sampling = Sampling()
    stops: tuple[str, ...] = ()
    adapter: str | None = None
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. `cached` are those of the prompt whose keys and values were there already."""

    prompt: int
    completion: int
    cached: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A bit of an answer. The last one has `finish`, or `error` where it failed; each carries the usage so far."""

    text: str
    usage: Usage
    finish: Finish | None = None
    error: str | None = None
    error_code: Literal["model_failed", "no_memory"] = "model_failed"

    @property
    def is_last(self) -> bool:
        return self.finish is not None or self.error is not None
