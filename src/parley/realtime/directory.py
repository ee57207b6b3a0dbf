"""The sockets of this process by person: who is told of a fact, and who is closed when a sign-in ends."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from parley.realtime.socket import Socket


class Directory:
    """Lives on the loop; receivers of signals, which run in any thread, come in through `tell` and `close`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._sockets: dict[UUID, dict[Socket, str]] = {}

    def add(self, socket: Socket, proof: str) -> None:
        """`proof` is what let the socket in: `session:KEY` or `key`."""
        self._sockets.setdefault(socket.member.user_id, {})[socket] = proof

    def remove(self, socket: Socket) -> None:
        sockets = self._sockets.get(socket.member.user_id)
        if sockets:
            sockets.pop(socket, None)
            if not sockets:
                del self._sockets[socket.member.user_id]

    def count(self, user_id: UUID) -> int:
        return len(self._sockets.get(user_id, ()))

    def tell(self, user_id: UUID, text: str) -> None:
        """Send a fact to all sockets of a person."""
        self._loop.call_soon_threadsafe(self._each, user_id, lambda socket, _: socket.say(text))

    def close(self, user_id: UUID, code: int, reason: str, *, proof: str = "") -> None:
        """Close a person's sockets, or only those that `proof` let in."""

        def close(socket: Socket, its_proof: str) -> None:
            if not proof or its_proof == proof:
                socket.close(code, reason)

        self._loop.call_soon_threadsafe(self._each, user_id, close)

    def close_all(self, code: int, reason: str) -> None:
        for sockets in list(self._sockets.values()):
            for socket in list(sockets):
                socket.close(code, reason)

    def _each(self, user_id: UUID, act: Callable[[Socket, str], None]) -> None:
        for socket, proof in list(self._sockets.get(user_id, {}).items()):
            act(socket, proof)


_directory: Directory | None = None


def install_directory(directory: Directory | None) -> None:
    global _directory
    _directory = directory


def installed_directory() -> Directory | None:
    """That of this process, once it serves."""
    return _directory
