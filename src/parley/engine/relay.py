"""The newest frames of tapes, from the process that writes them to those where they are read. Hints only: SQL has it all.

A process that reads a tape of another says so on `follow`; from then on whoever writes it sends each group commit's frames in
one hint per reading process. What is lost on the way shows as a gap or as silence, and both are mended from SQL by number:
a gap at once, silence within a second, by one statement for all silent tapes of a process.
"""

import asyncio
import logging
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from parley.core.hints import Hints
from parley.engine import ledger
from parley.engine.hub import Hub
from parley.engine.queries import numbers_of
from parley.engine.values import Entry

logger = logging.getLogger(__name__)

LOOK_S = 1.0  # a followed tape that says nothing for so long is looked for in SQL, and asked for again
RENEW_S = 10.0  # how often a process says again what it reads
BELIEVED_S = 25.0  # how long it is believed: one that died is sent nothing after that
EARLY_S = 5.0  # so long before a tape is written here who asks for it is remembered
FOLLOW = "follow"

id_of = lru_cache(maxsize=4096)(UUID)  # the same few hundred ids arrive thousands of times a second


class Relay:
    """Between the hub of this process and those of others. All methods run on the loop."""

    def __init__(self, hub: Hub, hints: Hints, name: str, *, writes: bool) -> None:
        self._hub = hub
        self._hints = hints
        self._name = name
        self._loop = asyncio.get_running_loop()
        self._readers: dict[UUID, dict[str, float]] = {}  # of a tape written here: until when each process is believed
        self._early: dict[UUID, dict[str, float]] = {}  # the same, of tapes that are not, or not yet
        self._outgoing: dict[str, list[Any]] = {}  # by process; lines as `_hear_frames` reads them
        self._wanted: list[UUID] = []
        hints.on(f"frames:{name}", self._hear_frames)
        if writes:
            hints.on(FOLLOW, self._hear_follow)
        hints.on_return(lambda: self._announce(list(hub.remote())))
        hub.others = self

    def add_reader(self, generation_id: UUID, process: str) -> None:
        """Send the frames of this tape, which is written here, to `process` too."""
        if process != self._name and self._hub.writes(generation_id):
            self._readers.setdefault(generation_id, {})[process] = self._loop.time() + BELIEVED_S

    def opened(self, generation_id: UUID) -> None:
        """Those who asked before the generation was claimed, or while it was another's, are read to from the first word."""
        now = self._loop.time()
        early = self._early.pop(generation_id, {})
        readers = {process: now + BELIEVED_S for process, until in early.items() if until > now}
        if readers:
            self._readers[generation_id] = readers

    def published(self, generation_id: UUID, entries: list[Entry], *, is_complete: bool) -> None:
        readers = self._readers.get(generation_id)
        if not readers:
            return
        line = (generation_id, [(entry.seq, entry.at, entry.body) for entry in entries], is_complete)
        if not self._outgoing:
            self._loop.call_soon(self._send)  # once the whole batch is published
        for process in readers:
            self._outgoing.setdefault(process, []).append(line)
        if is_complete:
            del self._readers[generation_id]

    def wanted(self, generation_id: UUID) -> None:
        if not self._wanted:
            self._loop.call_soon(self._announce_wanted)
        self._wanted.append(generation_id)

    async def run(self) -> None:
        """Mend what was lost, for as long as the process lives."""
        renewed_at = self._loop.time()
        while True:
            await asyncio.sleep(LOOK_S)
            now = self._loop.time()
            if now - renewed_at >= RENEW_S:
                renewed_at = now
                self._hub.forget_unread()
                self._forget_readers(now)
                self._announce(list(self._hub.remote()))
            await self._mend(now)

    async def _mend(self, now: float) -> None:
        silent = self._hub.remote(silent_since=now - LOOK_S)
        if not silent:
            return
        self._announce(list(silent))
        try:
            stored = await ledger.read(numbers_of, list(silent))
        except ledger.DatabaseAway:
            return
        for generation_id, (number, is_over) in stored.items():
            if number > silent[generation_id] or is_over:
                self._hub.learn(generation_id, number, is_over=is_over)

    def _send(self) -> None:
        outgoing, self._outgoing = self._outgoing, {}
        for process, lines in outgoing.items():
            self._hints.tell(f"frames:{process}", orjson.dumps(lines))

    def _hear_frames(self, body: bytes) -> None:
        for generation, entries, is_complete in orjson.loads(body):
            self._hub.receive(id_of(generation), [Entry(*entry) for entry in entries], is_complete=is_complete)

    def _announce_wanted(self) -> None:
        wanted, self._wanted = self._wanted, []
        self._announce(wanted)

    def _announce(self, generation_ids: list[UUID]) -> None:
        if generation_ids:
            self._hints.tell(FOLLOW, orjson.dumps([self._name, generation_ids]))

    def _hear_follow(self, body: bytes) -> None:
        process, generations = orjson.loads(body)
        until = self._loop.time() + EARLY_S
        for generation in generations:
            generation_id = id_of(generation)
            if self._hub.writes(generation_id):
                self.add_reader(generation_id, process)
            elif process != self._name:
                self._early.setdefault(generation_id, {})[process] = until

    def _forget_readers(self, now: float) -> None:
        """Those that died or have not asked again, and those of tapes that are not written here any more."""
        for generation_id, readers in list(self._readers.items()):
            still = {process: until for process, until in readers.items() if until > now}
            if still and self._hub.writes(generation_id):
                self._readers[generation_id] = still
            else:
                del self._readers[generation_id]
        for generation_id, early in list(self._early.items()):
            if max(early.values()) < now:
                del self._early[generation_id]


_relay: Relay | None = None


def install_relay(relay: Relay | None) -> None:
    global _relay
    _relay = relay


def installed_relay() -> Relay | None:
    """That of this process, if it is one of many."""
    return _relay
