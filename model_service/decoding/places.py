"""Where a decoder has a table of places (Blenderbot, BART), it takes one place for all rows. Here each row gets its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch


class Places:
    """`decoder`: the library's module. Without such a table there is nothing to do."""

    def __init__(self, decoder: Any) -> None:
        self._rows: Sequence[int] | None = None
        self._table = getattr(decoder, "embed_positions", None)
        if isinstance(self._table, torch.nn.Module):
            self._table.register_forward_hook(self._answer, with_kwargs=True)

    @contextmanager
    def of(self, rows: Sequence[int]) -> Iterator[None]:
        """While this holds, row i stands at place rows[i]."""
        self._rows = rows
        try:
            yield
        finally:
            self._rows = None

    def _answer(
        self, table: Any, args: tuple[Any, ...], kwargs: dict[str, Any], given: torch.Tensor
    ) -> torch.Tensor | None:
        """What the table gives for each row's own place, [rows, 1, size]. It is asked itself: families count differently."""
        if self._rows is None:
            return None
        asked = {
            name: value for name, value in kwargs.items() if name not in ("position_ids", "past_key_values_length")
        }
        rows = [
            table.forward(
                args[0],
                past_key_values_length=place,
                position_ids=torch.tensor([place], device=given.device),
                **asked,
            ).reshape(1, -1, given.shape[-1])[:, :1]
            for place in self._rows
        ]
        return torch.cat(rows)
