"""A file of settings beside the data: KEY=VALUE lines, for its owner's eyes alone. The environment wins over it."""

import os
from collections.abc import Mapping
from pathlib import Path

NAME = "parley.env"


def read_env_file(path: Path) -> dict[str, str]:
    """Its settings; none where there is no such file. Lines that begin with # are comments."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def write_env_file(path: Path, values: Mapping[str, str], *, comment: str) -> None:
    """Replace the file, mode 0600, in one step: no reader meets half of it.

    Raises `ValueError` for a value of several lines, which the format cannot hold.
    """
    for name, value in values.items():
        if "\n" in value:
            raise ValueError(f"{name} has several lines; {path.name} holds one for each setting.")
    text = "".join([f"# {comment}\n", *(f"{name}={value}\n" for name, value in sorted(values.items()))])
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def apply_env_file(data_dir: Path) -> None:
    """Take over the settings beside the data, before anything reads its own; the environment wins."""
    for name, value in read_env_file(data_dir / NAME).items():
        os.environ.setdefault(name, value)
