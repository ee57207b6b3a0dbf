"""From a folder to a model that computes. Nothing is fetched, and no code that lies in the folder is run."""

import time
from dataclasses import dataclass
from typing import Any, Final

import torch
import transformers
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

from model_service.errors import NotServable
from model_service.settings import Settings
from model_service.shelf.folders import Found
from model_service.shelf.quantised import quantise

_CLASSES: Final = {"causal": AutoModelForCausalLM, "seq2seq": AutoModelForSeq2SeqLM, "embedding": AutoModel}

transformers.utils.logging.disable_progress_bar()


@dataclass(frozen=True, slots=True)
class Loaded:
    """`model` and `tokenizer` are the library's, whose classes differ by family. `size_bytes`: in memory."""

    found: Found
    model: Any
    tokenizer: Any
    size_bytes: int
    load_s: float


def load(found: Found, settings: Settings) -> Loaded:
    """Raises `NotServable` when the library refuses what lies in the folder."""
    began = time.monotonic()
    try:
        config = AutoConfig.from_pretrained(found.folder, local_files_only=True, trust_remote_code=False)
        tokenizer = AutoTokenizer.from_pretrained(found.folder, local_files_only=True, trust_remote_code=False)
        model = _CLASSES[found.kind].from_pretrained(
            found.folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype="auto",
            attn_implementation=_attention(config),
        )
    except (OSError, ValueError, ImportError, KeyError, RuntimeError, SafetensorError) as error:
        raise NotServable(f"{found.folder} cannot be loaded: {error}") from error
    model = quantise(model.eval().requires_grad_(requires_grad=False), settings.quantise).to(device_of(settings))
    return Loaded(found, model, tokenizer, size_of(model), time.monotonic() - began)


def device_of(settings: Settings) -> str:
    if settings.device != "auto":
        return settings.device
    return "cuda" if torch.cuda.is_available() else "cpu"


def size_of(model: Any) -> int:
    """Bytes of weights and buffers. What `int8` packs away is no parameter, but a weight that its module hands out."""
    plain = sum(tensor.nbytes for tensor in [*model.parameters(), *model.buffers()])
    packed = (part.weight().nbytes for part in model.modules() if callable(getattr(part, "weight", None)))
    return int(plain + sum(packed))


def token_bytes(model: Any) -> int:
    """What the keys and values of one token take, roughly: all heads, at the width of the weights."""
    config = model.config.get_text_config(decoder=True)
    all_heads = getattr(config, "num_attention_heads", 0)
    if not all_heads:
        return 1  # a model with states instead, whose size does not grow
    heads = getattr(config, "num_key_value_heads", None) or all_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // all_heads
    return int(2 * config.num_hidden_layers * heads * size * next(model.parameters()).element_size())


def ends_of(model: Any, tokenizer: Any) -> frozenset[int]:
    """The tokens that end an answer."""
    named = getattr(model.generation_config, "eos_token_id", None)
    ends = named if isinstance(named, list) else [named]
    return frozenset(int(end) for end in (*ends, tokenizer.eos_token_id) if end is not None)


def opening_of(model: Any) -> list[int]:
    """The tokens with which a seq2seq model's decoder begins; none for any other."""
    if not model.config.is_encoder_decoder:
        return []
    named = getattr(model.generation_config, "decoder_start_token_id", None)
    start = named if named is not None else model.config.decoder_start_token_id
    return [int(start if start is not None else model.config.bos_token_id)]


def _attention(config: Any) -> str | None:
    """Gemma 2 and its like bend the scores (softcap), which only the plain form can. Else the library knows best."""
    text = config.get_text_config(decoder=True)
    return "eager" if getattr(text, "attn_logit_softcapping", None) else None
