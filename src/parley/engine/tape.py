"""The tape: number events, commit them with those of every other generation, then publish them (N4: shown means stored).

Each process has one `Press`. It commits the new events of all its tapes in one transaction and starts on the next batch as
soon as the last is back, so that alone a token waits about a millisecond, and under load batches grow by themselves. Of very
many tapes it takes those first that have waited longest. Neighbouring deltas of a generation in a batch merge into one
event, and so into one frame for each follower.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from itertools import islice

from parley.engine import ledger
from parley.engine.draft import Draft
from parley.engine.events import Delta, Event, dump_event
from parley.engine.hub import Hub
from parley.engine.values import Ending, Entry, Page, Turn, Verdict

logger = logging.getLogger(__name__)

FRAME_S = 0.045  # the longest a token waits for company once its generation has begun to show
FRAME_TAPES = 128  # beyond, a frame is taken in parts: shorter commits, whose words wait for fewer others
FULL_FROM = 100  # tapes, frames take all of it; below, a share, and a lone generation waits for nobody
FLEET_FRAME_S = 0.065  # where a page also goes through a server's log, its replica's, Redis and another process
FLEET_FULL_FROM = 30
COMPANY_S = 0.02  # the beginning of an answer waits so long for its first word: one commit for both
RETRY_S = 0.5  # between two tries to commit while the database does not answer
LAG_REMEMBERED_S = 1.0  # a slow commit speaks for the database this long
BUFFER_LIMIT = 1024 * 1024  # characters a tape holds while the database is away; then its generation is cut


class TapeLost(Exception):
    """Another runner holds this generation now: whoever writes this tape must leave without another word."""


class Tape:
    """The log of one generation as its runner writes it. Not a queue: `add` never waits."""

    def __init__(self, press: "Press", turn: Turn, *, last_seq: int = 0, draft: Draft | None = None) -> None:
        self.turn = turn
        self.draft = draft or Draft()
        self.last_seq = last_seq
        self.ended: asyncio.Future[bool] = press.loop.create_future()
        self.on_stop: Callable[[], object] = lambda: None
        self.on_lost: Callable[[], object] = lambda: None
        self.is_stopped = False
        self._press = press
        self._events: list[Event] = []
        self._deltas: list[str] = []
        self._waiting = 0
        self._ending: Ending | None = None
        self.has_shown = False
        self._has_rung = False

    @property
    def is_ending(self) -> bool:
        return self._ending is not None

    def add(self, event: Event) -> None:
        """Write `event` after all before it. Raises `TapeLost` when this runner has been replaced."""
        if type(event) is Delta:
            self.say(event.text)
            return
        if self.ended.done():
            raise TapeLost
        self.draft.add(event)
        self._merge()
        self._events.append(event)
        self._ring()

    def say(self, text: str) -> None:
        """Write a delta: `add(Delta(text))` without the making of an event, since this runs for every token."""
        if self.ended.done():
            raise TapeLost
        self.draft.say(text)
        self._deltas.append(text)
        self._waiting += len(text)
        if self._waiting > BUFFER_LIMIT:
            raise ledger.DatabaseAway
        if not self.has_shown:
            self.has_shown = self._has_rung = True
            self._press.ring(self, urgent=True)
        elif not self._has_rung:
            self._ring()

    async def end(self, event: Event, ending: Ending) -> bool:
        """Write the last event and all that is stored with it. False: another runner ended or took this generation."""
        if not self.ended.done():
            self._merge()
            self._events.append(event)
            self._ending = ending
            self._ring()
        return await asyncio.shield(self.ended)

    def turn_page(self, at: int) -> Page:
        """Number what has come since the last page."""
        self._merge()
        entries = []
        for event in self._events:
            self.last_seq += 1
            entries.append(Entry(self.last_seq, at, dump_event(event)))
        self._events, self._waiting, self._has_rung = [], 0, False
        return Page(self.turn, entries, self._ending)

    def settle(self, page: Page, verdict: Verdict) -> None:
        """Learn what became of `page`."""
        if not verdict.accepted:
            self._finish(kept=False)
            self.on_lost()
        elif page.ending:
            self._finish(kept=True)
        elif verdict.stop_requested:
            self.on_stop()

    def _ring(self) -> None:
        self._has_rung = True
        self._press.ring(self, urgent=False)

    def _finish(self, *, kept: bool) -> None:
        if not self.ended.done():
            self.ended.set_result(kept)

    def _merge(self) -> None:
        if self._deltas:
            self._events.append(Delta("".join(self._deltas)))
            self._deltas = []


class Press:
    """The one writer of a process: takes a page of every tape that has news, commits them all, publishes them."""

    def __init__(self, hub: Hub) -> None:
        self.loop = asyncio.get_running_loop()
        self.hub = hub
        self._last_commit_s = self._last_commit_at = 0.0
        self._committing_since: float | None = None
        self._waiting: dict[Tape, None] = {}
        self._urgent: dict[Tape, None] = {}
        self._bell = asyncio.Event()
        self._is_called = False

    @property
    def lag_s(self) -> float:
        """How long the commit under way has taken so far, or one just done took: admission control reads it."""
        now = self.loop.time()
        under_way = now - self._committing_since if self._committing_since is not None else 0.0
        just_done = self._last_commit_s if now - self._last_commit_at < LAG_REMEMBERED_S else 0.0
        return max(under_way, just_done)

    def ring(self, tape: Tape, *, urgent: bool) -> None:
        """`tape` has news. Urgent ones, its first words, do not wait for the next frame."""
        self._waiting[tape] = None
        if urgent:
            self._urgent[tape] = None
            self._bell.set()
        elif tape.has_shown or tape.is_ending:
            self._call()
        else:
            self.loop.call_later(COMPANY_S, self._call)

    def _call(self) -> None:
        """Once for all that wait: another call would end the pause before their frame."""
        if self._waiting and not self._is_called:
            self._is_called = True
            self._bell.set()

    async def run(self) -> None:
        """Commit for as long as the process lives; cancelled when nothing is left to write."""
        due = 0.0
        while True:
            await self._bell.wait()
            self._bell.clear()
            pause = due - self.loop.time()
            if pause > 0 and not self._urgent:
                await self._sleep_unless_urgent(pause)
            tapes = dict(self._urgent)
            if not tapes or self.loop.time() >= due:
                parts = max(1, math.ceil(self.hub.live_count / FRAME_TAPES))
                tapes |= islice(self._waiting.items(), math.ceil(self.hub.live_count / parts) or None)
                due = self.loop.time() + self._frame_s() / parts
            for tape in tapes:
                self._waiting.pop(tape, None)
            self._urgent.clear()
            self._is_called = False
            if tapes:
                await self._print(list(tapes))
            self._call()

    def _frame_s(self) -> float:
        longest_s, full_from = (FLEET_FRAME_S, FLEET_FULL_FROM) if self.hub.others else (FRAME_S, FULL_FROM)
        return longest_s * min(1.0, self.hub.live_count / full_from)

    async def _sleep_unless_urgent(self, pause: float) -> None:
        try:
            await asyncio.wait_for(self._bell.wait(), pause)
        except TimeoutError:
            return

    async def _print(self, tapes: list[Tape]) -> None:
        at = time.time_ns() // 1_000_000
        pages = [tape.turn_page(at) for tape in tapes]
        self._committing_since = begun = self.loop.time()
        verdicts = await self._commit(pages)
        self._committing_since, self._last_commit_at = None, self.loop.time()
        self._last_commit_s = self._last_commit_at - begun
        for tape, page in zip(tapes, pages, strict=True):
            verdict = verdicts[page.turn.generation_id]
            if verdict.accepted:
                self.hub.publish(page)
            tape.settle(page, verdict)

    async def _commit(self, pages: list[Page]) -> ledger.Verdicts:
        """Commit, and commit again for as long as the database is away: a page is numbered once and never dropped."""
        while True:
            try:
                return await ledger.write(ledger.commit_pages, pages)
            except ledger.DatabaseAway as away:
                logger.warning("the database does not answer; %d tapes wait: %s", len(pages), away)
                await asyncio.sleep(RETRY_S)
            except Exception:
                if len(pages) == 1:
                    logger.exception("generation %s cannot be stored and is given up", pages[0].turn.generation_id)
                    return {pages[0].turn.generation_id: Verdict(accepted=False, stop_requested=False)}
                logger.warning("a batch of %d tapes was refused; each is tried alone", len(pages))
                return await self._commit_each(pages)

    async def _commit_each(self, pages: list[Page]) -> ledger.Verdicts:
        """One page that the database refuses must not take the others with it."""
        verdicts: ledger.Verdicts = {}
        for page in pages:
            verdicts |= await self._commit([page])
        return verdicts
