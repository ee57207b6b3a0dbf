"""Remember the answers of a read that is asked often, in this process."""

import time
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from parley.core import hints

LIFE_S = 4.0  # what another process changes must be felt within 5 s, also when no hint of it arrives
CHANNEL = "forget"

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """A read whose answers are kept for at most `seconds`, and until `forget`.

    The process that changes what was read calls `forget` on commit. Other processes get a hint, and notice after `seconds`
    if it is lost. What is asked often is read again before its time is up, beside those who ask, where a process has
    somebody for it (`read_beside`). An error is not remembered. When `most` answers are kept, all go: these are small tables
    that rarely fill it.
    """

    def __init__(self, read: Callable[[Key], Value], *, seconds: float = LIFE_S, most: int = 4096) -> None:
        self._read, self._seconds, self._most = read, seconds, most
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._renewing: set[Key] = set()
        self._name = f"{read.__module__}.{read.__qualname__}"
        _all[self._name] = self

    def __call__(self, key: Key) -> Value:
        kept = self._kept  # `forget` puts another dict in its place: what was read before it is then kept for nobody
        found = kept.get(key)
        left_s = found[0] - time.monotonic() if found else 0.0
        if not found or left_s <= 0:
            return self._read_into(kept, key)
        if _beside and left_s < self._seconds / 2 and key not in self._renewing:
            self._renewing.add(key)
            _beside(partial(self._renew, kept, key))
        return found[1]

    def _read_into(self, kept: dict[Key, tuple[float, Value]], key: Key) -> Value:
        value = self._read(key)
        if len(kept) >= self._most and key not in kept:
            kept.clear()
        kept[key] = (time.monotonic() + self._seconds, value)
        return value

    def _renew(self, kept: dict[Key, tuple[float, Value]], key: Key) -> None:
        try:
            self._read_into(kept, key)
        finally:
            self._renewing.discard(key)

    def forget(self) -> None:
        """Here, and soon in all other processes."""
        self.forget_here()
        hints.tell(CHANNEL, self._name.encode())

    def forget_here(self) -> None:
        self._kept = {}


def read_beside(beside: Callable[[Callable[[], object]], None] | None) -> None:
    """From now on `beside` runs the reads that nobody waits for; without it whoever comes first when time is up has to read."""
    global _beside
    _beside = beside


_beside: Callable[[Callable[[], object]], None] | None = None
_all: WeakValueDictionary[str, Remembered[Any, Any]] = WeakValueDictionary()


def _hear(body: bytes) -> None:
    remembered = _all.get(body.decode())
    if remembered is not None:
        remembered.forget_here()


def _forget_all() -> None:
    """Hints may have been missed."""
    for remembered in list(_all.values()):
        remembered.forget_here()


hints.ears[CHANNEL] = _hear
hints.returns.append(_forget_all)
