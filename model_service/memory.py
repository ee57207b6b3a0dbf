"""Whether something failed because there was no memory left, which each library says in its own way."""

import errno
from typing import Final

import torch

# torch on processors raises a bare RuntimeError, and so does what is thrown in C++; safetensors passes the system's words on.
_WORDS: Final = (
    "can't allocate memory",
    "cannot allocate memory",
    "bad_alloc",
    "not enough memory",
    "can't start new thread",
)


def ran_out(error: BaseException | None) -> bool:
    """Of memory: this error, or the one that it was raised from."""
    if error is None:
        return False
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    words = str(error).lower()
    return any(word in words for word in _WORDS) or ran_out(error.__cause__)
