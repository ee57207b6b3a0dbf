"""Keys and values of all running sequences of a model, in one block a layer, so that one forward pass serves them all.

Rows end in the same column, the cursor; a shorter row has unused columns on its left:

    column     0   1   2   3   4  cursor
    row 0      .   a   b   c   d   ←
    row 1      .   .   .   x   y   ←

A step writes one column. The library's own cache concatenates instead, which copies everything for every token. Because each
row is one run of columns, models whose attention looks at distances (T5) need nothing else; those that look at places get them.
"""

from collections.abc import Sequence
from typing import Final

import torch
from transformers.cache_utils import Cache, CacheLayerMixin

Pair = tuple[torch.Tensor, torch.Tensor]
"""Keys and values of one layer and one sequence, each [1, heads, tokens, size]."""

_ROOM: Final = 128  # columns that a new block has to spare: it is copied once in so many steps at most


class Window(Cache):
    """`lengths`: tokens held of each row."""

    def __init__(self, layers: int) -> None:
        self.lengths: list[int] = []
        self.cursor = 0
        self._row_limit = 0
        self._column_limit = 0
        self.held = [_Layer(self) for _ in range(layers)]
        super().__init__(layers=list(self.held))

    def join(self, pairs: Sequence[Pair]) -> None:
        """Add a row that holds these, one pair a layer."""
        length = pairs[0][0].shape[2]
        if len(self.lengths) == self._row_limit or length > self.cursor or self.cursor >= self._column_limit:
            self._make_room(len(self.lengths) + 1, length, pairs)
        row, columns = len(self.lengths), slice(self.cursor - length, self.cursor)
        for layer, (keys, values) in zip(self.held, pairs, strict=True):
            layer.block_of_keys[row, :, columns] = keys[0]
            layer.block_of_values[row, :, columns] = values[0]
        self.lengths.append(length)

    def leave(self, row: int) -> None:
        """Drop a row; the last one takes its place."""
        last = len(self.lengths) - 1
        if row != last:
            columns = slice(self.cursor - self.lengths[last], self.cursor)
            for layer in self.held:
                layer.block_of_keys[row, :, columns] = layer.block_of_keys[last, :, columns]
                layer.block_of_values[row, :, columns] = layer.block_of_values[last, :, columns]
            self.lengths[row] = self.lengths[last]
        self.lengths.pop()
        if not self.lengths:
            self._forget()

    def row(self, row: int) -> list[Pair]:
        """A copy of what a row holds."""
        columns = slice(self.cursor - self.lengths[row], self.cursor)
        return [
            (
                layer.block_of_keys[row : row + 1, :, columns].clone(),
                layer.block_of_values[row : row + 1, :, columns].clone(),
            )
            for layer in self.held
        ]

    def open_column(self) -> None:
        """Before a forward pass of one token for each row."""
        if self.cursor >= self._column_limit:
            self._make_room(self._row_limit, 0, ())

    def close_column(self) -> None:
        """After it."""
        self.cursor += 1
        self.lengths = [length + 1 for length in self.lengths]

    @property
    def longest(self) -> int:
        return max(self.lengths, default=0)

    def starts(self) -> list[int]:
        """For each row, the first column that is its own, within what the forward pass will see (its new token included)."""
        return [self.longest - length for length in self.lengths]

    def _make_room(self, rows: int, length: int, pairs: Sequence[Pair]) -> None:
        longest = max(self.longest, length)
        row_limit = self._row_limit if rows <= self._row_limit else max(rows, 2 * self._row_limit)
        column_limit = longest + max(_ROOM, longest // 2)
        held = slice(self.cursor - self.longest, self.cursor)
        for index, layer in enumerate(self.held):
            like = pairs[index][0] if pairs else layer.block_of_keys
            layer.grow(row_limit, column_limit, held, longest, len(self.lengths), like)
        self._row_limit, self._column_limit, self.cursor = row_limit, column_limit, longest

    def _forget(self) -> None:
        for layer in self.held:
            layer.forget()
        self.cursor = self._row_limit = self._column_limit = 0


class _Layer(CacheLayerMixin):
    """One layer's share, [rows, heads, columns, size], in the form that models of the library ask."""

    is_sliding = False

    def __init__(self, window: Window) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's
        self.window = window
        self.block_of_keys = self.block_of_values = torch.empty(0)
        self.is_initialized = True

    def grow(self, rows: int, columns: int, held: slice, end: int, used: int, like: torch.Tensor) -> None:
        """A new block; the columns `held` of the first `used` rows stand before column `end` in it."""
        shape = (rows, like.shape[1], columns, like.shape[3])
        keys, values = like.new_zeros(shape), like.new_zeros(shape)
        if used:
            now = slice(end - (held.stop - held.start), end)
            keys[:used, :, now] = self.block_of_keys[:used, :, held]
            values[:used, :, now] = self.block_of_values[:used, :, held]
        self.block_of_keys, self.block_of_values = keys, values

    def forget(self) -> None:
        self.block_of_keys = self.block_of_values = torch.empty(0)

    # What models call:

    def update(self, key_states: torch.Tensor, value_states: torch.Tensor, *_: object, **__: object) -> Pair:
        """Take one token's keys and values for each row, each [rows, heads, 1, size]; give all that may be looked at."""
        rows, cursor = key_states.shape[0], self.window.cursor
        self.block_of_keys[:rows, :, cursor] = key_states[:, :, 0]
        self.block_of_values[:rows, :, cursor] = value_states[:, :, 0]
        seen = slice(cursor - self.window.longest, cursor + 1)
        return self.block_of_keys[:rows, :, seen], self.block_of_values[:rows, :, seen]

    def get_seq_length(self) -> int:
        return self.window.longest

    def get_max_length(self) -> int:
        return -1

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return self.window.longest + query_length, 0

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        """Nothing to do: `Window.join` makes the blocks."""
