"""Which columns of the window each row may look at."""

from collections.abc import Sequence
from typing import Any

import torch

Masks = torch.Tensor | dict[str, torch.Tensor]


def step_masks(config: Any, starts: Sequence[int], columns: int, like: torch.Tensor) -> Masks:
    """For one new token a row: 0 where it may look, the type's minimum where not; [rows, 1, 1, columns], of the type of `like`.

    `config` is the library's, of the decoder. A family that mixes whole and sliding attention takes one mask for each kind.
    """
    whole = _from(starts, columns, like)
    reach = getattr(config, "sliding_window", None)
    kinds = set(getattr(config, "layer_types", None) or ())
    if not reach or kinds == {"full_attention"}:
        return whole
    sliding = _from([max(start, columns - reach) for start in starts], columns, like)
    return {kind: whole if kind == "full_attention" else sliding for kind in kinds} if len(kinds) > 1 else sliding


def _from(starts: Sequence[int], columns: int, like: torch.Tensor) -> torch.Tensor:
    hidden = torch.arange(columns, device=like.device)[None, :] < torch.tensor(starts, device=like.device)[:, None]
    mask = torch.zeros(hidden.shape, dtype=like.dtype, device=like.device)
    return mask.masked_fill_(hidden, torch.finfo(like.dtype).min)[:, None, None, :]
