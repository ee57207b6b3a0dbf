"""Remember the answers of a read that is asked often, in this process."""

import time
from collections.abc import Callable, Hashable
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
    if it is lost. An error is not remembered. When `most` answers are kept, all go: these are small tables that rarely fill it.
    """

    def __init__(self, read: Callable[[Key], Value], *, seconds: float = LIFE_S, most: int = 4096) -> None:
        self._read, self._seconds, self._most = read, seconds, most
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._name = f"{read.__module__}.{read.__qualname__}"
        _all[self._name] = self

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
        """Here, and soon in all other processes."""
        self.forget_here()
        hints.tell(CHANNEL, self._name.encode())

    def forget_here(self) -> None:
        self._kept = {}


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
