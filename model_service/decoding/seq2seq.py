"""Models that read with an encoder and answer with a decoder: Blenderbot, BART, T5 and their like."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers.cache_utils import DynamicCache, EncoderDecoderCache
from transformers.modeling_outputs import BaseModelOutput

from model_service.decoding.causal import adapter_names
from model_service.decoding.machine import Prompted, pairs_of
from model_service.decoding.masks import step_masks
from model_service.decoding.places import Places
from model_service.decoding.window import Pair, Window
from model_service.values import Ask


class Seq2SeqMachine:
    """The decoder's own keys and values are in a window; what it sees of the encoder is padded to the longest."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self._layers = model.config.get_text_config(decoder=True)
        self._window = Window(_decoder_layers(model.config))
        self._seen: list[list[Pair]] = []  # of each row, what its decoder sees of the encoder, one pair a layer
        self._padded: tuple[DynamicCache, torch.Tensor] | None = None
        self._adapters: list[str | None] = []
        self._like = next(parameter for parameter in model.parameters() if parameter.is_floating_point())
        self._places = Places(model.get_decoder())

    @property
    def rows(self) -> int:
        return len(self._seen)

    @torch.inference_mode()
    def begin(self, ask: Ask, known: int, pairs: Sequence[Pair]) -> Prompted:  # a prefix of it is of no use
        ids = torch.tensor([list(ask.prompt)], device=self._like.device)
        encoded = self.model.get_encoder()(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
        return Prompted(ask, cache, list(ask.opening), encoded=encoded)

    @torch.inference_mode()
    def feed(self, prompted: Prompted, tokens: int) -> torch.Tensor | None:
        now, prompted.left = prompted.left[:tokens], prompted.left[tokens:]
        output = self.model(
            encoder_outputs=BaseModelOutput(last_hidden_state=prompted.encoded),
            decoder_input_ids=torch.tensor([now], device=self._like.device),
            past_key_values=prompted.cache,
            use_cache=True,
            **adapter_names(self.model, [prompted.ask.adapter]),
        )
        return None if prompted.left else output.logits[:, -1]

    @torch.inference_mode()
    def join(self, prompted: Prompted) -> None:
        self._window.join(pairs_of(prompted.cache.self_attention_cache))
        self._seen.append(pairs_of(prompted.cache.cross_attention_cache))
        self._adapters.append(prompted.ask.adapter)
        self._padded = None

    @torch.inference_mode()
    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        window = self._window
        window.open_column()
        crossed, seen_mask = self._padded = self._padded or self._pad()
        with self._places.of(window.lengths):
            output = self.model(
                encoder_outputs=BaseModelOutput(last_hidden_state=self._no_states(seen_mask)),
                attention_mask=seen_mask,
                decoder_input_ids=torch.tensor([[token] for token in tokens], device=self._like.device),
                decoder_attention_mask=step_masks(self._layers, window.starts(), window.longest + 1, self._like),
                past_key_values=EncoderDecoderCache(window, crossed),
                use_cache=True,
                **adapter_names(self.model, self._adapters),
            )
        window.close_column()
        logits: torch.Tensor = output.logits[:, -1]
        return logits

    def kept(self, row: int) -> list[Pair]:
        return []

    @torch.inference_mode()
    def leave(self, row: int) -> None:
        self._window.leave(row)
        self._seen[row], self._adapters[row] = self._seen[-1], self._adapters[-1]
        self._seen.pop()
        self._adapters.pop()
        self._padded = None

    def _pad(self) -> tuple[DynamicCache, torch.Tensor]:
        """What all rows see, one pair a layer, and its mask, [rows, tokens]."""
        lengths = [pairs[0][0].shape[2] for pairs in self._seen]
        longest = max(lengths)
        layers = [
            (
                torch.cat([_padded(pairs[layer][0], longest) for pairs in self._seen]),
                torch.cat([_padded(pairs[layer][1], longest) for pairs in self._seen]),
            )
            for layer in range(len(self._seen[0]))
        ]
        places = torch.arange(longest, device=self._like.device)
        mask = places[None, :] < torch.tensor(lengths, device=self._like.device)[:, None]
        return DynamicCache(ddp_cache_data=layers), mask.long()

    def _no_states(self, seen_mask: torch.Tensor) -> torch.Tensor:
        """In the shape of the encoder's states. The decoder has its keys and values of them, and reads the shape only."""
        size = getattr(self.model.config, "d_model", None) or self.model.config.hidden_size
        return torch.zeros(1, dtype=self._like.dtype, device=self._like.device).expand(*seen_mask.shape, size)


def _padded(states: torch.Tensor, longest: int) -> torch.Tensor:
    """[1, heads, tokens, size] with zeros behind, up to the longest."""
    return torch.nn.functional.pad(states, (0, 0, 0, longest - states.shape[2]))


def _decoder_layers(config: Any) -> int:
    return int(
        getattr(config, "decoder_layers", None)
        or getattr(config, "num_decoder_layers", None)
        or config.num_hidden_layers
    )
