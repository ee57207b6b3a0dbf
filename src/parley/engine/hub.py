"""Who is reading which tape, in this process. Readers hold a number, not a queue: a slow one costs its place and no memory.

The hub keeps the newest frames of live tapes, each encoded once for all its readers. Whoever has fallen further behind, or
reads a tape that this process does not write, reads SQL by number.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from parley.engine.values import Entry, Page

KEPT_CHARACTERS = 64 * 1024  # of the newest frames of one live tape
LINGER_S = 10.0  # an ended tape stays this long, so that its readers see the end without SQL
POLL_S = 1.0  # how often readers of a tape that lives in no memory look into SQL

Wake = Callable[[UUID], None]


class Others(Protocol):
    """The hubs of other processes, where there are any (`relay.py`)."""

    def opened(self, generation_id: UUID) -> None:
        """A runner of this process begins to write this tape."""

    def published(self, generation_id: UUID, entries: list[Entry], *, is_complete: bool) -> None:
        """It has committed these."""

    def wanted(self, generation_id: UUID) -> None:
        """Somebody here reads a tape that no runner of this process writes."""


@dataclass(slots=True)
class _Live:
    published: int
    entries: list[Entry] = field(default_factory=list)
    characters: int = 0
    has_left: bool = False  # its runner
    is_complete: bool = False  # its end is published
    is_remote: bool = False  # written by another process, which sends what it commits
    heard_at: float = 0.0  # when it last did, by the loop's clock

    @property
    def is_awaited(self) -> bool:
        """Whether others may have more to say."""
        return (self.is_remote or self.has_left) and not self.is_complete

    def forget_oldest(self) -> None:
        """Keep the newest `KEPT_CHARACTERS`, and the last entry whatever its size."""
        gone = 0
        while self.characters > KEPT_CHARACTERS and gone < len(self.entries) - 1:
            self.characters -= len(self.entries[gone].body)
            gone += 1
        del self.entries[:gone]


class Hub:
    """All methods run on the loop."""

    def __init__(self) -> None:
        self._live: dict[UUID, _Live] = {}
        self._readers: dict[UUID, set[Wake]] = {}
        self.live_count = 0
        self.others: Others | None = None

    @property
    def follower_count(self) -> int:
        """How many readers stand on all tapes together."""
        return sum(map(len, list(self._readers.values())))

    def open(self, generation_id: UUID, *, last_seq: int) -> None:
        """A runner of this process begins to write this tape after `last_seq`."""
        self._live[generation_id] = _Live(published=last_seq)
        self.live_count += 1
        if self.others:
            self.others.opened(generation_id)

    def close(self, generation_id: UUID) -> None:
        """The runner has left. What was published stays readable for a while."""
        live = self._live.get(generation_id)
        if live and not live.has_left:
            live.has_left = True
            self.live_count -= 1
            asyncio.get_running_loop().call_later(LINGER_S, self._drop, generation_id, live)

    def publish(self, page: Page) -> None:
        """Show what is committed."""
        generation_id, is_complete = page.turn.generation_id, page.ending is not None
        self._show(generation_id, self._live[generation_id], page.entries, is_complete=is_complete)
        if self.others:
            self.others.published(generation_id, page.entries, is_complete=is_complete)

    def expect(self, generation_id: UUID) -> None:
        """Another process was told to write this tape from its beginning, and to send it here."""
        now = asyncio.get_running_loop().time()
        self._live.setdefault(generation_id, _Live(published=0, is_remote=True, heard_at=now))

    def receive(self, generation_id: UUID, entries: list[Entry], *, is_complete: bool) -> None:
        """Show what another process has committed and sent. Readers who lack what lies before it read SQL."""
        live = self._live.get(generation_id)
        if live is None and generation_id in self._readers:
            live = self._live[generation_id] = _Live(published=entries[0].seq - 1, is_remote=True)
        if live is None or not (live.is_remote or live.has_left):
            return
        loop = asyncio.get_running_loop()
        live.is_remote, live.heard_at = True, loop.time()
        if entries[0].seq <= live.published:
            entries = [entry for entry in entries if entry.seq > live.published]
        if not entries:
            return
        if entries[0].seq > live.published + 1:
            live.entries, live.characters = [], 0
        self._show(generation_id, live, entries, is_complete=is_complete)
        if is_complete:
            loop.call_later(LINGER_S, self._drop, generation_id, live)

    def learn(self, generation_id: UUID, number: int, *, is_over: bool) -> None:
        """SQL holds a tape of another process up to `number`: whoever stands before it reads there."""
        live = self._live.get(generation_id)
        if live is None:
            live = self._live[generation_id] = _Live(published=-1, is_remote=True)
        if live.is_remote and (number > live.published or is_over):
            live.published, live.is_complete = number, is_over
            live.entries, live.characters = [], 0
            self._wake_readers(generation_id)
            if is_over:
                asyncio.get_running_loop().call_later(LINGER_S, self._drop, generation_id, live)

    def writes(self, generation_id: UUID) -> bool:
        """Whether a runner of this process writes this tape now."""
        live = self._live.get(generation_id)
        return live is not None and not live.is_remote and not live.has_left

    def remote(self, *, silent_since: float | None = None) -> dict[UUID, int]:
        """The tapes of other processes that are read here and have not ended, and the number each was shown up to.

        With `silent_since` only those of which nothing was heard since then.
        """
        found = {}
        for generation_id in self._readers:
            live = self._live.get(generation_id)
            if live is None:
                found[generation_id] = -1
            elif live.is_awaited and (silent_since is None or live.heard_at < silent_since):
                found[generation_id] = live.published
        return found

    def forget_unread(self) -> None:
        """Drop what other processes send although nobody here reads it any more."""
        for generation_id, live in list(self._live.items()):
            if live.is_remote and not live.is_complete and generation_id not in self._readers:
                del self._live[generation_id]

    def _show(self, generation_id: UUID, live: _Live, entries: list[Entry], *, is_complete: bool) -> None:
        live.entries.extend(entries)
        live.published = entries[-1].seq
        live.is_complete = is_complete
        live.characters += sum(len(entry.body) for entry in entries)
        if live.characters > 2 * KEPT_CHARACTERS:  # now and then, since it moves the whole list
            live.forget_oldest()
        self._wake_readers(generation_id)

    def _wake_readers(self, generation_id: UUID) -> None:
        for wake in tuple(self._readers.get(generation_id, ())):
            wake(generation_id)

    def read(self, generation_id: UUID, after: int) -> list[Entry] | None:
        """What came after number `after`; None when that must be read from SQL."""
        live = self._live.get(generation_id)
        if live is None:
            return None
        if after >= live.published:
            return []
        if not live.entries or live.entries[0].seq > after + 1:
            return None
        return live.entries[after - live.published :]

    def is_over(self, generation_id: UUID, reached: int) -> bool:
        """Whether a reader at number `reached` has read all that a tape of this process will ever say."""
        live = self._live.get(generation_id)
        return live is not None and live.is_complete and reached >= live.published

    def listen(self, generation_id: UUID, wake: Wake) -> None:
        self._readers.setdefault(generation_id, set()).add(wake)
        if self.others and generation_id not in self._live:
            self.others.wanted(generation_id)

    def unlisten(self, generation_id: UUID, wake: Wake) -> None:
        readers = self._readers.get(generation_id)
        if readers:
            readers.discard(wake)
            if not readers:
                del self._readers[generation_id]

    async def poll(self) -> None:
        """Wake the readers of tapes that no runner of this process writes, for as long as the process lives."""
        while True:
            await asyncio.sleep(POLL_S)
            for generation_id in list(self._readers):
                if generation_id not in self._live:
                    self._wake_readers(generation_id)

    def _drop(self, generation_id: UUID, live: _Live) -> None:
        if self._live.get(generation_id) is live:
            del self._live[generation_id]
