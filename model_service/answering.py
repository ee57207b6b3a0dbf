"""Between the loop of the doors and the thread that decodes."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from model_service.decoding.sequence import Sequence
from model_service.shelf.shelf import Ready, Shelf
from model_service.values import Ask, Piece


class Hold:
    """`async with Hold(shelf, name) as hold`: the model is in memory and stays while this lasts."""

    ready: Ready
    adapter: str | None

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf, self._name = shelf, name

    async def __aenter__(self) -> Self:
        self.ready, adapter = await asyncio.to_thread(self._shelf.take, self._name)
        try:
            self.adapter = await asyncio.to_thread(self.ready.adapter, adapter) if adapter else None
        except BaseException:
            self._shelf.give_back(self.ready)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._shelf.give_back(self.ready)


class Answer:
    """One sequence that is being decoded. Raises `Busy` at once when too many wait."""

    def __init__(self, ready: Ready, ask: Ask) -> None:
        self._loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[Piece] = asyncio.Queue()
        self._sequence: Sequence = ready.batcher.submit(ask, self._deliver)

    async def pieces(self) -> AsyncIterator[Piece]:
        """Until the last. Who stops listening stops the decoding."""
        try:
            while True:
                piece = await self._pieces.get()
                yield piece
                if piece.is_last:
                    return
        finally:
            self.stop()

    def stop(self) -> None:
        self._sequence.is_cancelled = True

    def _deliver(self, piece: Piece) -> None:
        if self._loop.is_closed():  # the service is ending
            self.stop()
        else:
            self._loop.call_soon_threadsafe(self._pieces.put_nowait, piece)
