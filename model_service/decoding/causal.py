"""Models that go on writing what they read: Llama, Qwen, Gemma, GPT-2 and their like."""

from collections.abc import Sequence
from typing import Any

import torch

from model_service.decoding.machine import Prompted, cache_of, pairs_of
from model_service.decoding.masks import step_masks
from model_service.decoding.window import Pair, Window
from model_service.values import Ask


class CausalMachine:
    """`model`: a causal model of the library, or one wrapped by peft."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self._config = model.config.get_text_config(decoder=True)
        self._window = Window(self._config.num_hidden_layers)
        self._adapters: list[str | None] = []
        self._like = next(parameter for parameter in model.parameters() if parameter.is_floating_point())

    @property
    def rows(self) -> int:
        return len(self._adapters)

    def begin(self, ask: Ask, known: int, pairs: Sequence[Pair]) -> Prompted:
        return Prompted(ask, cache_of(pairs), list(ask.prompt[known:]), cached=known)

    @torch.inference_mode()
    def feed(self, prompted: Prompted, tokens: int) -> torch.Tensor | None:
        now, prompted.left = prompted.left[:tokens], prompted.left[tokens:]
        output = self.model(
            input_ids=self._ids([now]),
            past_key_values=prompted.cache,
            use_cache=True,
            logits_to_keep=1,
            **self._with_adapters([prompted.ask.adapter]),
        )
        return None if prompted.left else output.logits[:, -1]

    @torch.inference_mode()
    def join(self, prompted: Prompted) -> None:
        self._window.join(pairs_of(prompted.cache))
        self._adapters.append(prompted.ask.adapter)

    @torch.inference_mode()
    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        window = self._window
        window.open_column()
        output = self.model(
            input_ids=self._ids([[token] for token in tokens]),
            position_ids=self._ids([[length] for length in window.lengths]),
            attention_mask=step_masks(self._config, window.starts(), window.longest + 1, self._like),
            past_key_values=window,
            use_cache=True,
            **self._with_adapters(self._adapters),
        )
        window.close_column()
        logits: torch.Tensor = output.logits[:, -1]
        return logits

    def kept(self, row: int) -> list[Pair]:
        return self._window.row(row)

    @torch.inference_mode()
    def leave(self, row: int) -> None:
        self._window.leave(row)
        self._adapters[row] = self._adapters[-1]
        self._adapters.pop()

    def _ids(self, rows: list[list[int]]) -> torch.Tensor:
        return torch.tensor(rows, device=self._like.device)

    def _with_adapters(self, names: Sequence[str | None]) -> dict[str, list[str]]:
        return adapter_names(self.model, names)


def adapter_names(model: Any, rows: Sequence[str | None]) -> dict[str, list[str]]:
    """peft's own way to let each row have another adapter, or none; nothing where no adapter was ever loaded."""
    if not hasattr(model, "peft_config"):
        return {}
    return {"adapter_names": [name or "__base__" for name in rows]}
