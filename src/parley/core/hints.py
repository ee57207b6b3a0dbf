"""Hints between the processes of a fleet: something is new, look. One process needs none, and then they go nowhere.

A hint may be lost at any moment. That costs latency, never data: whoever acts on one looks into SQL as well, by himself.
`core.redis` carries them; this file is what the rooms know of it.
"""

from collections.abc import Callable
from typing import Protocol

Hear = Callable[[bytes], None]


class Hints(Protocol):
    """What carries hints from this process to the others and back."""

    @property
    def is_up(self) -> bool:
        """Whether others are heard at the moment."""

    def on(self, channel: str, hear: Hear) -> None:
        """Call `hear` on the loop with every hint that another process, or this one, tells on `channel`."""

    def on_return(self, act: Callable[[], None]) -> None:
        """Call `act` on the loop when others are heard again after a time in which hints may have been missed."""

    def tell(self, channel: str, body: bytes) -> None:
        """From any thread, without waiting. Dropped while nobody can be told."""


# What rooms listen to in every process that has hints, and do when these are back. Entered before a process opens its own.
ears: dict[str, Hear] = {}
returns: list[Callable[[], None]] = []
_hints: Hints | None = None


def install_hints(hints: Hints | None) -> None:
    global _hints
    _hints = hints


def installed_hints() -> Hints | None:
    """Those of this process, if it is one of many."""
    return _hints


def tell(channel: str, body: bytes) -> None:
    """Tell the other processes, if there are any."""
    if _hints:
        _hints.tell(channel, body)
