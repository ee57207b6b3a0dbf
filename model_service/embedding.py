"""Texts to vectors, by encoder models."""

import json
from pathlib import Path
from typing import Any, Final

import torch

from model_service.decoding.batcher import cores
from model_service.errors import NotServable, TooLong

_TOGETHER: Final = 32  # texts a forward pass
_MEAN, _FIRST, _LAST = "mean", "cls", "lasttoken"


class Embedder:
    """`model` and `tokenizer` are the library's. How the states become one vector is read as sentence-transformers writes it."""

    def __init__(self, folder: Path, model: Any, tokenizer: Any, context: int) -> None:
        """Raises `NotServable` for a way of pooling that is not known here."""
        self._model, self._tokenizer, self._context = model, tokenizer, context
        self._pooling = _pooling(folder)

    def embed(self, texts: list[str]) -> tuple[list[torch.Tensor], int]:
        """One vector of length 1 for each, [size], float32; and how many tokens they are. Raises `TooLong`."""
        ids = [list(self._tokenizer(text)["input_ids"]) for text in texts]
        for place, one in enumerate(ids):
            if len(one) > self._context:
                raise TooLong(f"Text {place} is {len(one)} tokens; this model reads {self._context}", param="input")
        vectors: dict[int, torch.Tensor] = {}
        by_length = sorted(range(len(ids)), key=lambda place: len(ids[place]))  # so that little is padded
        for begin in range(0, len(by_length), _TOGETHER):
            places = by_length[begin : begin + _TOGETHER]
            vectors |= dict(zip(places, self._embed([ids[place] for place in places]), strict=True))
        return [vectors[place] for place in range(len(ids))], sum(map(len, ids))

    @torch.inference_mode()
    def _embed(self, ids: list[list[int]]) -> torch.Tensor:
        """[texts, size]"""
        padded = self._tokenizer.pad({"input_ids": ids}, padding_side="right", return_tensors="pt").to(
            self._model.device
        )
        mask = padded["attention_mask"]
        with cores:
            states = self._model(input_ids=padded["input_ids"], attention_mask=mask).last_hidden_state.float()
        return torch.nn.functional.normalize(_pooled(states, mask, self._pooling), dim=-1).cpu()


def _pooled(states: torch.Tensor, mask: torch.Tensor, how: str) -> torch.Tensor:
    """`states`: [texts, tokens, size]; `mask`: [texts, tokens], 1 where there is a token."""
    if how == _FIRST:
        return states[:, 0]
    if how == _LAST:
        return states[torch.arange(len(states)), mask.sum(dim=1) - 1]
    weights = mask[:, :, None].float()
    return (states * weights).sum(dim=1) / weights.sum(dim=1)


def _pooling(folder: Path) -> str:
    """The mean, where nothing is said."""
    settings = folder / "1_Pooling" / "config.json"
    if (folder / "2_Dense").exists():
        raise NotServable(f"{folder} ends in a dense layer, which is not served here")
    if not settings.exists():
        return _MEAN
    said = json.loads(settings.read_text(encoding="utf-8"))
    named = said.get("pooling_mode") or [
        how
        for how, name in ((_MEAN, "mean_tokens"), (_FIRST, "cls_token"), (_LAST, "lasttoken"))
        if said.get(f"pooling_mode_{name}")
    ]
    how = named if isinstance(named, str) else named[0] if len(named) == 1 else ""
    if how not in (_MEAN, _FIRST, _LAST):
        raise NotServable(f"{settings} pools in a way that is not served here; mean, cls and lasttoken are")
    return how
