"""The files of deploy/, with their ${UPPER_CASE} names filled in, as the nginx image does with the same files."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from parley.core.errors import ParleyError

DEPLOY = Path(__file__).absolute().parents[3] / "deploy"  # not resolved: a link may be moved to the next version
NAME = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def template(path: str) -> Path:
    """A file of deploy/. Raises `ParleyError` where Parley was installed without it."""
    file = DEPLOY / path
    if not file.exists():
        raise ParleyError(f"{file} is missing: `parley fleet` runs from a checkout of Parley.")
    return file


def fill(path: str, values: Mapping[str, str], into: Path) -> None:
    """Write a template with its names filled in, mode 0600. Raises `KeyError` for a name without a value."""
    text = NAME.sub(lambda match: values[match[1]], template(path).read_text(encoding="utf-8"))
    draft = into.with_name(f"{into.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(into)
