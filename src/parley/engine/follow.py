"""Follow tapes by number. Reload, reconnect, a second device and Server-Sent Events are all this one reader."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID

from parley.engine import ledger
from parley.engine.hub import Hub
from parley.engine.queries import replay
from parley.engine.values import Entry

RETRY_S = 1.0  # between two looks into a database that does not answer


class Follower:
    """One reader's places on the tapes it follows. It holds numbers only, however far it falls behind."""

    def __init__(self, hub: Hub, on_news: Callable[[], None]) -> None:
        """`on_news` is called, on the loop, whenever there may be something to tell: see `ready` and `news`."""
        self._hub = hub
        self._on_news = on_news
        self._places: dict[UUID, int] = {}
        self._news: dict[UUID, None] = {}

    @property
    def count(self) -> int:
        return len(self._places)

    @property
    def is_idle(self) -> bool:
        return not self._places

    @property
    def has_news(self) -> bool:
        return bool(self._news)

    def follow(self, generation_id: UUID, *, after: int) -> None:
        """Read on from number `after`; following again moves the place."""
        self._places[generation_id] = after
        self._hub.listen(generation_id, self._wake)
        self._wake(generation_id)

    def unfollow(self, generation_id: UUID) -> None:
        self._places.pop(generation_id, None)
        self._news.pop(generation_id, None)
        self._hub.unlisten(generation_id, self._wake)

    def close(self) -> None:
        for generation_id in list(self._places):
            self.unfollow(generation_id)

    def ready(self) -> tuple[UUID, list[Entry]] | None:
        """What can be told at once of one tape, or None: nothing, or SQL has to be read first. Say `told` when it is told."""
        for generation_id in self._news:
            entries = self._hub.read(generation_id, self._places[generation_id])
            return None if entries is None else (generation_id, entries)
        return None

    def told(self, generation_id: UUID, entries: list[Entry]) -> None:
        """What `ready` gave has been sent."""
        del self._news[generation_id]
        if entries:
            self._places[generation_id] = entries[-1].seq
        if self._hub.is_over(generation_id, self._places[generation_id]):
            self.unfollow(generation_id)

    async def news(self) -> AsyncIterator[tuple[UUID, list[Entry]]]:
        """What has come since the last call, in order on each tape. A tape that has told its end is unfollowed."""
        while self._news:
            generation_id, _ = self._news.popitem()
            after = self._places[generation_id]
            entries, is_over = self._hub.read(generation_id, after), False
            if entries is None:
                entries, is_over = await self._read_stored(generation_id, after)
                if self._places.get(generation_id) != after:
                    continue  # unfollowed or moved while we read
            reached = entries[-1].seq if entries else after
            is_over = is_over or self._hub.is_over(generation_id, reached)
            if entries:
                self._places[generation_id] = reached
                yield generation_id, entries
            if is_over and self._places.get(generation_id) == reached:  # unless the reader asked anew while it was told
                self.unfollow(generation_id)

    async def _read_stored(self, generation_id: UUID, after: int) -> tuple[list[Entry], bool]:
        """A page from SQL, for what this process does not write or does not have any more."""
        try:
            stored = await ledger.read(replay, generation_id, after)
        except ledger.DatabaseAway:
            asyncio.get_running_loop().call_later(RETRY_S, self._wake, generation_id)
            return [], False
        if stored.entries and not stored.is_over:
            self._wake(generation_id)  # there may be another page
        return stored.entries, stored.is_over

    def _wake(self, generation_id: UUID) -> None:
        if generation_id in self._places:
            self._news[generation_id] = None
            self._on_news()
