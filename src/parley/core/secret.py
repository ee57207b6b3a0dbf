"""The instance's secret: made at the first start, readable by its owner alone."""

import os
import secrets
from pathlib import Path

NAME = "secret.key"


def instance_secret(data_dir: Path) -> str:
    """Read DATA/secret.key; make it (mode 0600, 50 random bytes) when there is none yet."""
    path = data_dir / NAME
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
