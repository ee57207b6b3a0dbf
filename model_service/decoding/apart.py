"""Any other model, a sequence at a time: those with states that are no keys and values (Mamba), or with ways of their own.

Nothing is gained by asking together, but the answer is right. `proof` decides who needs this.
"""

from collections.abc import Sequence
from typing import Any

import torch
from transformers.modeling_outputs import BaseModelOutput

from model_service.decoding.causal import adapter_names
from model_service.decoding.machine import Prompted
from model_service.decoding.window import Pair
from model_service.values import Ask


class ApartMachine:
    def __init__(self, model: Any) -> None:
        self.model = model
        self._rows: list[Prompted] = []
        self._device = next(model.parameters()).device

    @property
    def rows(self) -> int:
        return len(self._rows)

    @torch.inference_mode()
    def begin(self, ask: Ask, known: int, pairs: Sequence[Pair]) -> Prompted:
        if not self.model.config.is_encoder_decoder:
            return Prompted(ask, None, list(ask.prompt))
        encoded = self.model.get_encoder()(input_ids=torch.tensor([list(ask.prompt)], device=self._device))
        return Prompted(ask, None, list(ask.opening), encoded=encoded.last_hidden_state)

    def feed(self, prompted: Prompted, tokens: int) -> torch.Tensor | None:
        now, prompted.left = prompted.left[:tokens], prompted.left[tokens:]
        logits = self._run(prompted, now)
        return None if prompted.left else logits

    def join(self, prompted: Prompted) -> None:
        self._rows.append(prompted)

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        return torch.cat([self._run(row, [token]) for row, token in zip(self._rows, tokens, strict=True)])

    def kept(self, row: int) -> list[Pair]:
        return []

    def leave(self, row: int) -> None:
        self._rows[row] = self._rows[-1]
        self._rows.pop()

    @torch.inference_mode()
    def _run(self, row: Prompted, tokens: list[int]) -> torch.Tensor:
        """The logits after these, [1, vocabulary]."""
        ids = torch.tensor([tokens], device=self._device)
        asked: dict[str, Any] = {"input_ids": ids}
        if row.encoded is not None:
            asked = {"decoder_input_ids": ids, "encoder_outputs": BaseModelOutput(last_hidden_state=row.encoded)}
        if row.cache is not None:
            asked["cache_params" if self._has_states else "past_key_values"] = row.cache
        output = self.model(**asked, use_cache=True, **adapter_names(self.model, [row.ask.adapter]))
        row.cache = output.cache_params if self._has_states else output.past_key_values
        logits: torch.Tensor = output.logits[:, -1]
        return logits

    @property
    def _has_states(self) -> bool:
        return self.model.config.model_type in ("mamba", "mamba2", "falcon_mamba")
