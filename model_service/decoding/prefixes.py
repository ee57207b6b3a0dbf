"""Keys and values of ended sequences, for the next one that begins with the same tokens: the next turn of a conversation does."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model_service.decoding.window import Pair

_WORTH: Final = 8  # tokens; less is computed anew as quickly


@dataclass(frozen=True, slots=True)
class _Kept:
    adapter: str | None
    ids: npt.NDArray[np.int64]
    pairs: list[Pair]
    size_bytes: int


class Prefixes:
    """At most `limit_bytes`; the one that was of use the longest ago goes first."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._next = 0
        self.size_bytes = 0

    def find(self, ids: Sequence[int], adapter: str | None) -> tuple[int, list[Pair]]:
        """How many of the first tokens are known, one less than all at most, and their pairs, one a layer; (0, []) for none."""
        wanted = np.asarray(ids, dtype=np.int64)
        best, length = None, _WORTH - 1
        for number, kept in self._kept.items():
            alike = _alike(kept.ids, wanted) if kept.adapter == adapter else 0
            if alike > length:
                best, length = number, alike
        length = min(length, len(ids) - 1)
        if best is None or length < _WORTH:
            return 0, []
        self._kept.move_to_end(best)
        return length, [(keys[:, :, :length], values[:, :, :length]) for keys, values in self._kept[best].pairs]

    def keep(self, ids: Sequence[int], adapter: str | None, pairs: list[Pair]) -> None:
        """What is a beginning of it is dropped: the longer one serves for both."""
        size = sum(keys.nbytes + values.nbytes for keys, values in pairs)
        if size > self._limit or len(ids) < _WORTH:
            return
        new = _Kept(adapter, np.asarray(ids, dtype=np.int64), pairs, size)
        covered = [
            number
            for number, kept in self._kept.items()
            if kept.adapter == adapter and _alike(kept.ids, new.ids) == len(kept.ids)
        ]
        for number in covered:
            self._drop(number)
        self._kept[self._next] = new
        self._next += 1
        self.size_bytes += size
        while self.size_bytes > self._limit:
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """All of it: memory is short."""
        self._kept.clear()
        self.size_bytes = 0

    def forget(self, adapter: str) -> None:
        """An adapter of this name is gone, or another one now."""
        for number in [number for number, kept in self._kept.items() if kept.adapter == adapter]:
            self._drop(number)

    def _drop(self, number: int) -> None:
        self.size_bytes -= self._kept.pop(number).size_bytes


def _alike(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> int:
    """How many of the first are the same in both."""
    length = min(len(one), len(other))
    differ = np.flatnonzero(one[:length] != other[:length])
    return int(differ[0]) if len(differ) else length
