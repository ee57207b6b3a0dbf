"""Which files of a repository make a model that can be served: chosen by their names, before any of them is fetched."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from model_service.errors import NotServable

_TEXT: Final = re.compile(
    r"[\w.-]+\.(json|txt|model|jinja|spm)|\d_\w+/config\.json|additional_chat_templates/[\w.-]+\.jinja"
)
_ALONE: Final = "model.safetensors"
_INDEX: Final = "model.safetensors.index.json"
_SHARD: Final = re.compile(r"model-\d+-of-\d+\.safetensors")


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of a repository. `digest`: SHA-256 of a large one, and of a small one the SHA-1 that git gives it."""

    path: str
    size_bytes: int
    digest: str

    @property
    def is_weights(self) -> bool:
        return self.path.endswith(".safetensors")


def wanted_of(name: str, listed: Iterable[HubFile]) -> list[HubFile]:
    """What is fetched, what is small first. Raises `NotServable` with the reason, and with what does serve it where one knows.

    Names are what the hub says: only those that look as they should are taken, so none leads out of the folder.
    """
    files = {file.path: file for file in listed}
    if "config.json" not in files:
        raise NotServable(f"{name} {_without_config(set(files))}")
    texts = [file for path, file in files.items() if _TEXT.fullmatch(path)]
    return [*sorted(texts, key=lambda file: file.path), *_weights(name, files)]


def _weights(name: str, files: dict[str, HubFile]) -> list[HubFile]:
    """As the library looks for them: one file, or those of an index. What else a repository holds are other forms of the same."""
    if _ALONE in files:
        return [files[_ALONE]]
    shards = [files[path] for path in sorted(files) if _SHARD.fullmatch(path)]
    if _INDEX in files and shards:
        return shards
    raise NotServable(f"{name} has no weights as safetensors{_instead(set(files))}")


def _without_config(paths: set[str]) -> str:
    if "adapter_config.json" in paths:
        return "is an adapter and no model; download the model that it was made for, and offer it with POST /adapters"
    return f"has no config.json, so it is no model that can be served here{_instead(paths)}"


def _instead(paths: set[str]) -> str:
    if any(path.endswith(".gguf") for path in paths):
        return "; it holds GGUF, which Ollama and llama.cpp serve: Parley speaks to either"
    if any(path.endswith((".bin", ".pt", ".pth", ".ckpt")) for path in paths):
        return (
            ". Its other weights can run programs when they are read, and are not taken; look for a copy as safetensors"
        )
    return ""
