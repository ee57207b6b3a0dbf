"""Weights in fewer bytes."""

from typing import Any

import torch

from model_service.settings import Quantise


def quantise(model: Any, how: Quantise) -> Any:
    """`bfloat16`: half of float32. `int8`: linear layers as whole numbers, with a scale each, on processors only."""
    if how == "bfloat16":
        return model.to(torch.bfloat16)
    if how == "int8":
        return torch.ao.quantization.quantize_dynamic(model.float(), {torch.nn.Linear}, dtype=torch.qint8)
    return model
