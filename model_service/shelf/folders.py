"""What lies in a folder: read from its small files, without loading anything."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model_service.errors import NotServable
from model_service.values import Kind

_CONTEXT_NAMES: Final = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx")
_NO_LIMIT: Final = 2**20  # T5 and the like look at distances; their configuration names none
_VOCABULARIES: Final = ("tokenizer.json", "vocab.json", "vocab.txt", "tekken.json", "*.model", "*.spm")
_OF_BYTES: Final = ("ByT5Tokenizer", "CanineTokenizer", "PerceiverTokenizer")  # these need no vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """`size_bytes`: of the weights, as they lie on disk. `context`: tokens."""

    folder: Path
    kind: Kind
    size_bytes: int
    context: int


def look_into(folder: Path) -> Found:
    """Raises `NotServable`, which says what is missing."""
    kind, config = check_texts(folder)
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise NotServable(
            f"{folder} has no weights as safetensors. Other forms can run programs when they are read, and are not taken; "
            "most repositories offer both"
        )
    return Found(folder, kind, sum(path.stat().st_size for path in weights), _context(config))


def check_texts(folder: Path) -> tuple[Kind, dict[str, Any]]:
    """What it is for, and its configuration; of all but the weights. Raises `NotServable`."""
    config = _read(folder / "config.json", "is no model: it has no config.json")
    kind = _kind(folder, config)
    # Where nothing else tells it words, the library makes a tokenizer that knows none, and the model answers with noise.
    if not any(any(folder.glob(name)) for name in _VOCABULARIES) and not _reads_bytes(folder):
        raise NotServable(
            f"{folder} has no tokenizer. Put tokenizer.json and tokenizer_config.json beside the weights (or what the model "
            "has in their place: vocab.json with merges.txt, vocab.txt, tokenizer.model), as they lie in its repository"
        )
    return kind, config


def look_into_adapter(folder: Path) -> None:
    """Raises `NotServable`."""
    config = _read(folder / "adapter_config.json", "is no adapter: it has no adapter_config.json")
    if config.get("peft_type") != "LORA":
        raise NotServable(f"{folder} is an adapter of the type {config.get('peft_type')}; only LoRA is served")
    if not (folder / "adapter_model.safetensors").exists():
        raise NotServable(f"{folder} has no adapter_model.safetensors")


def models_within(root: Path) -> dict[str, Path]:
    """Name → folder: subfolders with a config.json, and what the hub's cache holds (`models--owner--name`)."""
    found = {folder.parent.name: folder.parent for folder in sorted(root.glob("*/config.json"))}
    for repository in sorted(root.glob("models--*")):
        snapshots = sorted(repository.glob("snapshots/*/config.json"), key=lambda path: path.stat().st_mtime)
        if snapshots:
            found[repository.name.removeprefix("models--").replace("--", "/")] = snapshots[-1].parent
    return found


def _read(path: Path, otherwise: str) -> dict[str, Any]:
    """A JSON object, as its family writes it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotServable(f"{path.parent} {otherwise}") from error
    except (OSError, ValueError) as error:
        raise NotServable(f"{path} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise NotServable(f"{path} is no JSON object")
    return document


def _reads_bytes(folder: Path) -> bool:
    settings = folder / "tokenizer_config.json"
    return settings.exists() and _read(settings, "has no tokenizer").get("tokenizer_class") in _OF_BYTES


def _kind(folder: Path, config: dict[str, Any]) -> Kind:
    architecture = (config.get("architectures") or [""])[0]
    if (folder / "modules.json").exists():  # as sentence-transformers lays it out
        return "embedding"
    if config.get("is_encoder_decoder"):
        return "seq2seq"
    if architecture.endswith(("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")):
        return "causal"
    if architecture.endswith(("Model", "ForMaskedLM")):
        return "embedding"
    raise NotServable(f"{folder} holds a {architecture or 'model of no named kind'}, which neither answers nor embeds")


def _context(config: dict[str, Any]) -> int:
    for inner in (config, config.get("text_config") or {}):
        for name in _CONTEXT_NAMES:
            if isinstance(inner.get(name), int) and inner[name] > 0:
                return int(inner[name])
    return _NO_LIMIT
