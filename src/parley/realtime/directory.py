"""The sockets of this process by person: who is told of a fact, and who is closed when a sign-in ends."""

import asyncio
import math
import random
from collections.abc import Callable
from uuid import UUID

from parley.realtime.socket import Socket

RESTARTING = 1012
SEND_AWAY_S = 10.0  # thousands of sockets are sent away over this time
LEAST_A_SECOND = 100  # and few in less
STEP_S = 0.05


class Directory:
    """Lives on the loop; receivers of signals, which run in any thread, come in through `tell` and `close`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._sockets: dict[UUID, dict[Socket, str]] = {}

    def add(self, socket: Socket, proof: str) -> None:
        """`proof` is what let the socket in: `session:KEY` or `key:DIGEST`."""
        self._sockets.setdefault(socket.member.user_id, {})[socket] = proof

    def remove(self, socket: Socket) -> None:
        sockets = self._sockets.get(socket.member.user_id)
        if sockets:
            sockets.pop(socket, None)
            if not sockets:
                del self._sockets[socket.member.user_id]

    def __len__(self) -> int:
        return sum(map(len, list(self._sockets.values())))

    def count(self, user_id: UUID) -> int:
        return len(self._sockets.get(user_id, ()))

    def tell(self, user_id: UUID, text: str) -> None:
        """Send a fact to all sockets of a person."""
        self._loop.call_soon_threadsafe(self._each, user_id, lambda socket, _: socket.say(text))

    def tell_all(self, text: str) -> None:
        """Send a fact to every socket of this process. On the loop only."""
        for user_id in list(self._sockets):
            self._each(user_id, lambda socket, _: socket.say(text))

    def held(self) -> list[tuple[Socket, str]]:
        """All sockets, each with the proof that let it in."""
        return [entry for of_one in self._sockets.values() for entry in of_one.items()]

    def close(self, user_id: UUID, code: int, reason: str, *, proof: str = "") -> None:
        """Close a person's sockets, or only those that a proof which begins with `proof` let in."""

        def close(socket: Socket, its_proof: str) -> None:
            if its_proof.startswith(proof):
                socket.close(code, reason)

        self._loop.call_soon_threadsafe(self._each, user_id, close)

    async def send_away(self) -> None:
        """Close every socket with 1012, a few at a time: each comes back at once, through the door of another process."""
        sockets = [socket for of_one in self._sockets.values() for socket in of_one]
        random.shuffle(sockets)
        at_once = max(len(sockets) / (SEND_AWAY_S / STEP_S), LEAST_A_SECOND * STEP_S)
        for step in range(math.ceil(len(sockets) / at_once)):
            for socket in sockets[math.ceil(step * at_once) : math.ceil((step + 1) * at_once)]:
                socket.close(RESTARTING, "Parley is being restarted")
            await asyncio.sleep(STEP_S)

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
