"""What may be chosen from outside: variables of the environment that begin with MODELS_, each with a default that works."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Literal

Quantise = Literal["none", "int8", "bfloat16"]

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class BadSetting(Exception):
    """One line for the person who starts the service."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Field `slots` is read from MODELS_SLOTS, and so on.

    host, port: where it listens. Without a `key`, on a loopback address only.
    key: what callers send as `Authorization: Bearer KEY`; empty for none.
    data: the folder of its register. folder: the folder whose subfolders are the models that are offered.
    memory_mb: what the weights of all loaded models may take together.
    cache_mb: what the keys and values of running sequences may take, for each model.
    prefix_mb: what is kept of ended sequences for the next one that begins alike, for each model; 0 keeps nothing.
    slots: sequences that one model decodes together. queue: those that may wait; more are refused with 429.
    context: tokens of prompt and answer together, at most; a model's own limit holds as well.
    threads: of torch; 0 leaves the choice to it. device: `cpu`, `cuda`, or `auto`.
    quantise: how weights are held.
    """

    host: str = "127.0.0.1"
    port: int = 8100
    key: str = ""
    data: Path = Path("data/models")
    folder: Path = Path("data/models/offered")
    memory_mb: int = 8192
    cache_mb: int = 2048
    prefix_mb: int = 256
    slots: int = 16
    queue: int = 64
    context: int = 8192
    threads: int = 0
    device: str = "auto"
    quantise: Quantise = "none"

    def __post_init__(self) -> None:
        if self.host not in _LOOPBACK and not self.key:
            raise BadSetting(
                f"MODELS_HOST is {self.host}, which others can reach: set MODELS_KEY, or listen on 127.0.0.1"
            )
        for name in ("memory_mb", "cache_mb", "slots", "queue", "context"):
            if getattr(self, name) < 1:
                raise BadSetting(f"MODELS_{name.upper()} must be 1 or more")
        if self.quantise not in ("none", "int8", "bfloat16"):
            raise BadSetting(f"MODELS_QUANTISE is none, int8 or bfloat16, not {self.quantise!r}")


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises `BadSetting`, which names the variable and what it takes."""
    chosen: dict[str, object] = {}
    for field in fields(Settings):
        name = f"MODELS_{field.name.upper()}"
        if said := environment.get(name, "").strip():
            chosen[field.name] = _read(name, said, type(field.default))
    if "data" in chosen and "folder" not in chosen:
        chosen["folder"] = Path(str(chosen["data"])) / "offered"
    return Settings(**chosen)  # type: ignore[arg-type]  # each was read as its field's own type


def _read(name: str, said: str, kind: type) -> object:
    try:
        return kind(said)
    except ValueError as error:
        raise BadSetting(f"{name} must be a whole number, not {said!r}") from error
