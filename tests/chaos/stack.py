"""What is under test: one Parley process on SQLite, or the whole fleet on PostgreSQL. A scenario sees no difference."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from tests.chaos.browser import Door
from tests.chaos.faultproxy import FaultProxy
from tests.chaos.killer import Killer
from tests.chaos.vendor import Vendor
from tests.live import Live
from tests.servers import free_port

Role = Literal["all", "web", "worker", "beat"]
STARTS = 5
Row = tuple[Any, ...]  # as the statement says


class Stack(Protocol):
    """A running Parley that may be broken, and its owner's key."""

    database: str
    key: str
    killer: Killer
    front: FaultProxy
    vendor: Vendor

    def door(self) -> Door: ...

    def rows(self, sql: str) -> list[Row]: ...

    def bot_of(self, model: str) -> str: ...

    def call(self, method: str, path: str, body: object = None) -> Any: ...

    def kill(self, role: Role, with_signal: signal.Signals = signal.SIGKILL) -> None: ...

    def kept_alive(self) -> contextlib.AbstractAsyncContextManager[None]: ...


class OneProcess:
    """`parley up` on SQLite. Browsers come through `front`, and the vendor is asked through `back`."""

    database = "SQLite"

    def __init__(self, folder: Path, vendor: Vendor, env: Mapping[str, str] | None = None) -> None:
        self.vendor = vendor
        self.killer = Killer(folder / "points")
        self.back = FaultProxy(vendor.port)
        given = {
            "OPENAI_BASE_URL": f"http://127.0.0.1:{self.back.port}/v1",
            "OPENAI_API_KEY": "sk-test",
            "PARLEY_SOCKET_COMMANDS_PER_MINUTE": "100000",
            "PARLEY_SOCKETS_PER_PERSON": "10000",  # here one person plays all of them
        }
        self.live = Live(folder / "data", None, given | self.killer.env | dict(env or {}))
        self.live.port = free_port()
        self.front = FaultProxy(self.live.port)
        self._starting = threading.Lock()
        self.live.key = self.live.found()
        self.live.start()

    @property
    def key(self) -> str:
        return self.live.key

    def door(self) -> Door:
        return Door(f"ws://127.0.0.1:{self.front.port}/ws", self.key)

    def rows(self, sql: str) -> list[Row]:
        return self.live.rows(sql)

    def bot_of(self, model: str) -> str:
        return self.live.bot_of(model, self.key)

    def call(self, method: str, path: str, body: object = None) -> Any:
        return self.live.call(method, path, self.key, body)

    def kill(self, role: Role, with_signal: signal.Signals = signal.SIGKILL) -> None:
        self.live.kill(with_signal)

    @contextlib.asynccontextmanager
    async def kept_alive(self) -> AsyncIterator[None]:
        """What systemd does: whenever the process is gone, it is started again."""
        keeper = asyncio.create_task(self._keep_alive())
        try:
            yield
        finally:
            keeper.cancel()
            (failure,) = await asyncio.gather(keeper, return_exceptions=True)
            assert isinstance(failure, asyncio.CancelledError), failure
            await asyncio.to_thread(self.revive)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            await asyncio.shield(asyncio.to_thread(self.revive))

    def revive(self) -> None:
        """Start it if it is gone; again, if it was killed while it started."""
        with self._starting:
            for _ in range(STARTS):
                if self.live.is_running:
                    return
                code = self.live.wait()
                assert code in (0, -signal.SIGKILL, -signal.SIGTERM), f"exit code {code}: {self.live.log[-3000:]}"
                with contextlib.suppress(AssertionError):
                    self.live.start()
            raise AssertionError(f"it does not come up: {self.live.log[-3000:]}")

    def end(self) -> None:
        self.live.end()
        self.front.end()
        self.back.end()
