"""Many browsers at once: who asks when."""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bench.load.browser import Browser, Target
from bench.load.reply import Reply
from bench.load.seen import Seen
from bench.load.socket import HandshakeRefused
from bench.tokens import now_us
from bench.vendor.scripts import read_name

CONNECTS_AT_ONCE = 50
DRAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Who asks when.

    Users start evenly over `stagger_s` (0: all in one instant) and each asks again when its reply has ended. The window
    opens `warm_s` after the last has started and stays open for `window_s`; then nobody asks any more, and replies under
    way may end. With `asks`, each user asks so many times, and the window lasts from the first post to the last end.
    `fresh` means a new conversation for each post.
    """

    users: int
    model: str
    stagger_s: float = 0.0
    warm_s: float = 0.0
    window_s: float = 10.0
    asks: int | None = None
    fresh: bool = False


def nothing() -> None:
    """For who does not care when the window opens."""


class Crowd:
    """Runs one plan against one target. `opened` and `shut` are called as the window opens and shuts."""

    def __init__(
        self,
        target: Target,
        plan: Plan,
        *,
        opened: Callable[[], object] = nothing,
        shut: Callable[[], object] = nothing,
    ) -> None:
        script = read_name(plan.model)
        assert script, plan.model
        self.plan = plan
        self.seen = Seen()
        self.browsers = [Browser(target, target.keys[i % len(target.keys)], script.tokens) for i in range(plan.users)]
        self._opened, self._shut = opened, shut
        self._asked: Counter[Browser] = Counter()
        self._asking = True

    async def run(self) -> Seen:
        """Connect, start, measure, drain, close."""
        gc.collect()
        gc.disable()  # nothing here makes cycles, and a collection in the middle would count as the server's delay
        try:
            await self._connect()
            await (self._run_window() if self.plan.asks is None else self._run_all())
        finally:
            gc.enable()
            self._close()
        return self.seen

    async def _connect(self) -> None:
        for first in range(0, len(self.browsers), CONNECTS_AT_ONCE):
            some = self.browsers[first : first + CONNECTS_AT_ONCE]
            for result in await asyncio.gather(*(browser.connect() for browser in some), return_exceptions=True):
                if isinstance(result, HandshakeRefused | OSError):
                    self.seen.errors[f"not connected: {result}"[:80]] += 1
                elif result:
                    raise result

    async def _run_window(self) -> None:
        await self._start()
        await asyncio.sleep(self.plan.warm_s)
        self._open_window()
        await asyncio.sleep(self.plan.window_s)
        self._shut_window()
        self._asking = False
        await self._drain(DRAIN_S)

    async def _run_all(self) -> None:
        self._open_window()
        await self._start()
        await self._drain(600.0)
        self._shut_window()

    async def _start(self) -> None:
        """Let the users ask for the first time, one after another, evenly over the stagger."""
        pause_s = self.plan.stagger_s / len(self.browsers)
        loop = asyncio.get_running_loop()
        begin_s = loop.time()
        for number, browser in enumerate(self.browsers):
            browser.on_end = self._ended
            browser.on_refusal = self._refused
            if pause_s:
                await asyncio.sleep(max(0.0, begin_s + number * pause_s - loop.time()))
            self._ask(browser, None)

    def _ask(self, browser: Browser, conversation: str | None) -> None:
        if self._asking and (self.plan.asks is None or self._asked[browser] < self.plan.asks):
            self._asked[browser] += 1
            browser.post(None if self.plan.fresh else conversation)

    def _ended(self, browser: Browser, reply: Reply) -> None:
        self.seen.replies.append(reply)
        self._ask(browser, reply.conversation)

    def _refused(self, browser: Browser, reply: Reply, wait_s: float) -> None:
        """Ask again when the server says; the refusal itself stays counted as an error."""
        self._asked[browser] -= 1
        asyncio.get_running_loop().call_later(wait_s, self._ask, browser, None)

    def _open_window(self) -> None:
        for browser in self.browsers:
            browser.delays_us = self.seen.delays_us
        self.seen.opened_us = now_us()
        self._opened()

    def _shut_window(self) -> None:
        self._shut()
        self.seen.shut_us = now_us()
        for browser in self.browsers:
            browser.delays_us = None

    async def _drain(self, at_most_s: float) -> None:
        """Wait until every user has got what it asked for, for so long at most."""
        until_us = now_us() + int(at_most_s * 1_000_000)
        while now_us() < until_us and not self._is_done():
            await asyncio.sleep(0.02)

    def _is_done(self) -> bool:
        """Whether no reply is under way, and none is still to be asked for. A closed socket asks and gets no more."""
        return all(
            not browser.is_connected
            or (not browser.unfinished and (not self._asking or self._asked[browser] == self.plan.asks))
            for browser in self.browsers
        )

    def _close(self) -> None:
        for browser in self.browsers:
            self.seen.errors.update(browser.errors)
            self.seen.unfinished += len(browser.unfinished)
            browser.close()
