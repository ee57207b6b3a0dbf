"""What the processes of a fleet use together, and may use only so much of: at once, and in a minute.

`core.redis_tally` counts; this file is what the rooms know of it. One process has none. While nobody can count, each process
counts for itself, so that a limit is as many times as wide as there are processes, and nobody waits.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limit:
    """None: as many as they like."""

    at_once: int | None = None
    a_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What all processes use: `in_use` at this moment, ours among them if it was granted, `spent` in the last minute."""

    is_granted: bool
    in_use: int
    spent: int


class Tally(Protocol):
    """All on the loop of the process."""

    async def take(self, name: str, limit: Limit) -> Counted | None:
        """Use one more of `name`, if the limit lets. None: granted, since nobody can count at the moment.

        Whoever was granted one gives it back.
        """

    async def look(self, name: str) -> int | None:
        """How many are in use, in all processes. None: nobody can count at the moment."""

    def give_back(self, name: str, *, spent: int = 0) -> None:
        """Without waiting. `spent`: what it used of the minute."""


_tally: Tally | None = None


def install_tally(tally: Tally | None) -> None:
    global _tally
    _tally = tally


def installed_tally() -> Tally | None:
    """That of this process, if it is one of many."""
    return _tally
