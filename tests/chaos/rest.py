"""Requests of a person or a program, which may break on the way."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.chaos.browser import Door

TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is JSON of foreign shape."""

    status: int
    body: Any
    headers: dict[str, str]


class Rest:
    """`async with Rest(door) as rest`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self._door.key}"},
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            connector=aiohttp.TCPConnector(limit=0, ssl=self._door.tls or True),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def call(self, method: str, path: str, body: object = None) -> Answer:
        """Raises `aiohttp.ClientError` when the connection breaks."""
        async with self._session.request(method, f"{self._door.http}/api/v1/{path}", json=body) as response:
            is_json = "json" in response.headers.get("Content-Type", "")
            said = await response.json(content_type=None) if is_json else await response.text()
            return Answer(response.status, said, dict(response.headers))
