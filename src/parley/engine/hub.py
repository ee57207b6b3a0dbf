"""Who is reading which tape, in this process. Readers hold a number, not a queue: a slow one costs its place and no memory.

The hub keeps the newest frames of live tapes, each encoded once for all its readers. Whoever has fallen further behind, or
reads a tape that this process does not write, reads SQL by number.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from parley.engine.values import Entry, Page

KEPT_CHARACTERS = 64 * 1024  # of the newest frames of one live tape
LINGER_S = 10.0  # an ended tape stays this long, so that its readers see the end without SQL
POLL_S = 1.0  # how often readers of a tape that lives in no memory look into SQL

Wake = Callable[[UUID], None]


@dataclass(slots=True)
class _Live:
    published: int
    entries: list[Entry] = field(default_factory=list)
    characters: int = 0
    has_left: bool = False  # its runner
    is_complete: bool = False  # its end is published

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

    def open(self, generation_id: UUID, *, last_seq: int) -> None:
        """A runner of this process begins to write this tape after `last_seq`."""
        self._live[generation_id] = _Live(published=last_seq)
        self.live_count += 1

    def close(self, generation_id: UUID) -> None:
        """The runner has left. What was published stays readable for a while."""
        live = self._live.get(generation_id)
        if live and not live.has_left:
            live.has_left = True
            self.live_count -= 1
            asyncio.get_running_loop().call_later(LINGER_S, self._drop, generation_id, live)

    def publish(self, page: Page) -> None:
        """Show what is committed."""
        live = self._live[page.turn.generation_id]
        live.entries.extend(page.entries)
        live.published = page.entries[-1].seq
        live.is_complete = page.ending is not None
        live.characters += sum(len(entry.body) for entry in page.entries)
        if live.characters > 2 * KEPT_CHARACTERS:  # now and then, since it moves the whole list
            live.forget_oldest()
        for wake in tuple(self._readers.get(page.turn.generation_id, ())):
            wake(page.turn.generation_id)

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
            for generation_id, readers in list(self._readers.items()):
                if generation_id not in self._live:
                    for wake in tuple(readers):
                        wake(generation_id)

    def _drop(self, generation_id: UUID, live: _Live) -> None:
        if self._live.get(generation_id) is live:
            del self._live[generation_id]
