"""REST calls to the servers on stage, over one connection that stays open."""

import http.client
from typing import Any

import orjson

from bench.load.socket import UNVERIFIED


class RestError(Exception):
    """An answer that is not 2xx."""


class Rest:
    """One connection. Answers are JSON of foreign shape, hence Any."""

    def __init__(self, port: int, key: str = "", *, tls: bool = False) -> None:
        self._connection = (
            http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=UNVERIFIED)
            if tls
            else http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        )
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def get(self, path: str) -> Any:
        """GET, decoded."""
        return orjson.loads(self.get_raw(path))

    def get_raw(self, path: str) -> bytes:
        """GET, as bytes."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: object = None) -> Any:
        """POST, decoded."""
        return orjson.loads(self.post_raw(path, body))

    def post_raw(self, path: str, body: object = None) -> bytes:
        """POST, answered in bytes."""
        return self._ask("POST", path, orjson.dumps(body))

    def patch(self, path: str, body: object) -> Any:
        """PATCH, decoded."""
        return orjson.loads(self._ask("PATCH", path, orjson.dumps(body)))

    def _ask(self, method: str, path: str, body: bytes | None) -> bytes:
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if not 200 <= answer.status < 300:
            raise RestError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
