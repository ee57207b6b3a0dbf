"""Refuse a body that is too large before anything of it is kept. Django would first write all of it to a file."""

from collections.abc import Mapping

from parley.api.asgi import Application, Message, Receive, Scope, Send
from parley.api.problems import problem
from parley.api.refusing import refuse
from parley.core.errors import TooLarge


class BodyLimit:
    """ASGI: answers 413 by the announced length, or as soon as more than `limit_bytes` have come without one.

    `by_path` names the doors that take more.
    """

    def __init__(self, application: Application, *, limit_bytes: int, by_path: Mapping[str, int] | None = None) -> None:
        self.application = application
        self.limit_bytes = limit_bytes
        self.by_path = by_path or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        limit_bytes = self.by_path.get(scope["path"], self.limit_bytes)
        if _announced(scope) > limit_bytes:
            return await refuse(problem(TooLarge()), receive, send)
        return await self._counted(scope, receive, send, limit_bytes)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, limit_bytes: int) -> None:
        received = 0

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            # For the application the client is gone; so it throws away what it has, and answers nothing.
            return message if received <= limit_bytes else {"type": "http.disconnect"}

        await self.application(scope, counted_receive, send)
        if received > limit_bytes:
            await refuse(problem(TooLarge()), receive, send)


def _announced(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0
