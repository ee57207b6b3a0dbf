"""Remember the answers of a read that is asked often, in this process."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """A read whose answers are kept for at most `seconds`, and until `forget`.

    The process that changes what was read calls `forget` on commit; other processes notice after `seconds`. An error is
    not remembered. When `most` answers are kept, all go: these are small tables that rarely fill it.
    """

    def __init__(self, read: Callable[[Key], Value], *, seconds: float, most: int = 4096) -> None:
        self._read, self._seconds, self._most = read, seconds, most
        self._kept: dict[Key, tuple[float, Value]] = {}

    def __call__(self, key: Key) -> Value:
        kept = self._kept  # `forget` puts another dict in its place: what was read before it is then kept for nobody
        found = kept.get(key)
        if found and found[0] > time.monotonic():
            return found[1]
        value = self._read(key)
        if len(kept) >= self._most:
            kept.clear()
        kept[key] = (time.monotonic() + self._seconds, value)
        return value

    def forget(self) -> None:
        self._kept = {}
