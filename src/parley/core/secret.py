"""The instance's secret: made at the first start, readable by its owner alone."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

NAME = "secret.key"


def instance_secret(data_dir: Path) -> str:
    """Read DATA/secret.key; make it (mode 0600, 50 random bytes) when there is none yet."""
    path = data_dir / NAME
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        keep_secret(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def find_secret(data_dir: Path) -> str:
    """As it stands in the folder; empty when there is none, and none is made."""
    path = data_dir / NAME
    return path.read_text().strip() if path.exists() else ""


def fingerprint_of(secret: str) -> str:
    """Tells one secret from another. A secret has hundreds of random bits, so this tells nothing else of it."""
    return hashlib.sha256(b"parley secret fingerprint v1|" + secret.encode()).hexdigest()[:32]


def keep_secret(path: Path, secret: str) -> None:
    """The file gets its name when it is whole: a start that is cut off, or two at once, leave one good secret."""
    draft = path.with_name(f"{NAME}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
