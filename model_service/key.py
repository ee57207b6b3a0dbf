"""The key of the service: one for all callers, compared in constant time."""

import hashlib
import hmac

from fastapi import Request

from model_service.errors import NoKey


class Key:
    """Only the hash is held, so that no dump of memory or log shows the key. An empty one lets everybody in."""

    def __init__(self, key: str) -> None:
        self._hash = _hash(key) if key else None

    def check(self, request: Request) -> None:
        """Raises `NoKey`."""
        if self._hash is None:
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(_hash(given.strip()), self._hash):
            raise NoKey("Send the key of the model service: Authorization: Bearer KEY")


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
