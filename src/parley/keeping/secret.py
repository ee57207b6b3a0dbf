"""Whether the secret at hand opens what a backup holds sealed (core/seal.py): asked before anything else. Knows no Django."""

import os
from pathlib import Path

from parley.core.errors import ParleyError
from parley.core.secret import NAME, find_secret, fingerprint_of, keep_secret
from parley.keeping.backup_file import Manifest


class SecretMissing(ParleyError):
    """The vendors' keys of this backup would be unreadable."""

    code, status = "secret_missing", 422


def settle_secret(manifest: Manifest, data_dir: Path, *, forget: bool) -> None:
    """Before Django reads its settings, which would make a new secret. Raises `SecretMissing`, which names the ways out."""
    given = os.environ.get("PARLEY_SECRET", "").strip() or find_secret(data_dir)
    if given and fingerprint_of(given) == manifest.secret.fingerprint:
        return
    if manifest.secret.value and not given:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_secret(data_dir / NAME, manifest.secret.value)
    elif manifest.sealed_values and not forget:
        raise SecretMissing(
            f"The backup holds {manifest.sealed_values} sealed values, such as vendors' keys, and "
            + (
                f"{data_dir / NAME} or PARLEY_SECRET is not the secret that opens them. "
                if given
                else "not their secret. "
            )
            + f"Put the secret.key of the old installation at {data_dir / NAME} (or its text into PARLEY_SECRET), "
            "or use --forget-keys and enter the vendors' keys again."
        )
