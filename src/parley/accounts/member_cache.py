"""Who this process saw a moment ago, so that a warm request asks the database nothing about its caller.

What another process revokes is still believed here for `LIFE_S`; what this process revokes, not for an instant.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from parley.accounts.member import Member

LIFE_S = 3.0  # every revocation must be felt within 5 s, on all processes
MOST = 20_000  # some 10 MB; past it, start afresh rather than keep a least-recently-used list on the hot path


@dataclass
class MemberCache:
    """Maps a proof (session key, digest of an API key, user id) to the member it stands for."""

    _clock: Callable[[], float] = time.monotonic
    _seen: dict[str, tuple[float, Member]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get_or_look_up(self, proof: str, look_up: Callable[[], Member]) -> Member:
        """`look_up` raises when the proof is no good; that is not remembered."""
        seen = self._seen.get(proof)
        if seen and seen[0] > self._clock():
            return seen[1]
        member = look_up()
        with self._lock:
            if len(self._seen) >= MOST:
                self._seen.clear()
            self._seen[proof] = (self._clock() + LIFE_S, member)
        return member

    def forget(self, user_id: UUID) -> None:
        with self._lock:
            for proof in [proof for proof, (_, member) in self._seen.items() if member.user_id == user_id]:
                del self._seen[proof]

    def forget_all(self) -> None:
        with self._lock:
            self._seen.clear()


members = MemberCache()
