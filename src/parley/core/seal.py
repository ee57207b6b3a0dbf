"""Seal a secret for a column: AES-256-GCM under a key derived from the instance's master key, bound to its row.

Record: `v1.` + base64url(nonce 12 bytes || ciphertext || tag 16 bytes). The associated data names table, row and column, so
that a sealed value copied to another row does not open.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "v1."


class CannotOpen(Exception):
    """The value was sealed with another key or for another row."""


def seal(plain: str, *, bound_to: str) -> str:
    nonce = os.urandom(12)
    sealed = AESGCM(_key()).encrypt(nonce, plain.encode(), bound_to.encode())
    return VERSION + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, bound_to: str) -> str:
    """Raises `CannotOpen` when the master key or the row is another one."""
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(VERSION))
        return AESGCM(_key()).decrypt(raw[:12], raw[12:], bound_to.encode()).decode()
    except (InvalidTag, ValueError):
        raise CannotOpen("a stored secret does not open; was DATA/secret.key replaced?") from None


def _key() -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"parley seal v1").derive(settings.SECRET_KEY.encode())
