"""What is under test: one Parley process on SQLite, or the whole fleet on PostgreSQL. A scenario sees no difference."""

import asyncio
import contextlib
import http.client
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

import psutil
import psycopg

from tests.chaos.browser import Door
from tests.chaos.faultproxy import FaultProxy
from tests.chaos.killer import Killer
from tests.chaos.vendor import Vendor
from tests.fleet import Fleet, wait_until
from tests.live import Live
from tests.servers import Postgres, Redis, free_port

Role = Literal["all", "web", "worker", "beat"]
STARTS = 5
Row = tuple[Any, ...]  # as the statement says


class Stack(Protocol):
    """A running Parley that may be broken, and its owner's key."""

    database: str
    killer: Killer
    front: FaultProxy
    back: FaultProxy
    vendor: Vendor

    @property
    def greeting_bytes(self) -> int: ...

    @property
    def key(self) -> str: ...

    def door(self) -> Door: ...

    def straight_door(self) -> Door: ...

    def memory_bytes(self) -> int: ...

    def rows(self, sql: str) -> list[Row]: ...

    def bot_of(self, model: str) -> str: ...

    def allow_prefill(self, model: str) -> None: ...

    def call(self, method: str, path: str, body: object = None) -> Any: ...

    def kill(self, role: Role, with_signal: signal.Signals = signal.SIGKILL) -> None: ...

    def kept_alive(self) -> contextlib.AbstractAsyncContextManager[None]: ...

    def is_whole(self) -> bool: ...


class OneProcess:
    """`parley up` on SQLite. Browsers come through `front`, and the vendor is asked through `back`."""

    database = "SQLite"
    greeting_bytes = 0

    def __init__(
        self, folder: Path, vendor: Vendor, env: Mapping[str, str] | None = None, *, killer: Killer | None = None
    ) -> None:
        self.vendor = vendor
        self.killer = killer or Killer(folder / "points")
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
        try:
            self.live.key = self.live.found()
            self.live.start()
        except BaseException:
            self.end()
            raise

    @property
    def key(self) -> str:
        return self.live.key

    def door(self) -> Door:
        return Door(f"ws://127.0.0.1:{self.front.port}/ws", self.key)

    def straight_door(self) -> Door:
        """Past the proxy."""
        return Door(f"ws://127.0.0.1:{self.live.port}/ws", self.key)

    def memory_bytes(self) -> int:
        """Of what serves browsers."""
        return int(psutil.Process(self.live.pid).memory_info().rss)

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

    def allow_prefill(self, model: str) -> None:
        self.live.change_model(model, self.key, prefill=True)

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

    def is_whole(self) -> bool:
        return self.live.is_running

    def end(self) -> None:
        self.live.end()
        self.front.end()
        self.back.end()


class OnPostgres(OneProcess):
    """`parley up` on a PostgreSQL of our own, or on this one."""

    database = "PostgreSQL"

    def __init__(
        self, folder: Path, vendor: Vendor, postgres: Postgres | None = None, *, killer: Killer | None = None
    ) -> None:
        self.postgres = postgres or Postgres(folder / "postgres")
        super().__init__(folder, vendor, {"PARLEY_DATABASE_URL": self.postgres.url}, killer=killer)

    def rows(self, sql: str) -> list[Row]:
        with psycopg.connect(self.postgres.url) as connection:
            return connection.execute(sql.encode()).fetchall()

    def end(self) -> None:
        super().end()
        self.postgres.end()


SERVING = ("web-1", "web-2", "edge")
PARTS: dict[Role, tuple[str, ...]] = {
    "web": ("web-1", "web-2"),
    "worker": ("replies-1", "replies-2"),
    "beat": ("beat",),
    "all": ("web-1", "web-2", "replies-1", "replies-2", "jobs", "beat"),
}
WHOLE_S = 60.0
STEADY_S = 18.0  # of which it takes five to start, and for six it claims no lease that ran out


class ManyProcesses:
    """`parley fleet` behind nginx, with a PostgreSQL and a Redis of our own, which we may kill, each behind a proxy."""

    database = "PostgreSQL"

    def __init__(self, folder: Path, vendor: Vendor, env: Mapping[str, str] | None = None) -> None:
        self.vendor = vendor
        self.killer = Killer(folder / "points")
        self.postgres = Postgres(folder / "postgres")
        self.redis = Redis(folder / "redis")
        self.sql, self.hints, self.back = map(FaultProxy, (self.postgres.port, self.redis.port, vendor.port))
        given = {
            "OPENAI_BASE_URL": f"http://127.0.0.1:{self.back.port}/v1",
            "OPENAI_API_KEY": "sk-test",
            "PARLEY_DATABASE_URL": self.postgres.url.replace(f":{self.postgres.port}/", f":{self.sql.port}/"),
            "PARLEY_REDIS_URL": self.redis.url.replace(f":{self.redis.port}", f":{self.hints.port}"),
            "PARLEY_SOCKET_COMMANDS_PER_MINUTE": "100000",
            "PARLEY_SOCKETS_PER_PERSON": "10000",  # here one person plays all of them
        }
        self.fleet = Fleet(folder / "data", None, given | self.killer.env | dict(env or {}))
        self.fleet.port = free_port()
        self.front = FaultProxy(self.fleet.port)
        try:
            self.fleet.start()
            self.fleet.found()
        except BaseException:
            self.end()
            raise
        self._tls = self.fleet.tls

    @property
    def key(self) -> str:
        return self.fleet.key

    def door(self) -> Door:
        return Door(f"wss://127.0.0.1:{self.front.port}/ws", self.key, self._tls)

    def straight_door(self) -> Door:
        """Past the proxy."""
        return Door(f"wss://127.0.0.1:{self.fleet.port}/ws", self.key, self._tls)

    @property
    def greeting_bytes(self) -> int:
        """What the edge says of itself (TLS) before its first word."""
        connected = socket.create_connection(("127.0.0.1", self.front.port), timeout=10)
        with self._tls.wrap_socket(connected, server_hostname="127.0.0.1") as greeted:
            return self.front.came_down_on(greeted.getsockname()[1])

    def memory_bytes(self) -> int:
        """Of what serves browsers."""
        parts = [psutil.Process(self.fleet.pids[part]) for part in SERVING]
        return sum(one.memory_info().rss for part in parts for one in (part, *part.children(recursive=True)))

    def rows(self, sql: str) -> list[Row]:
        """Past the proxy: an auditor is not subject to faults."""
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def bot_of(self, model: str) -> str:
        return self.fleet.bot_of(model)

    def call(self, method: str, path: str, body: object = None) -> Any:
        return self.fleet.call(method, path, body)

    def allow_prefill(self, model: str) -> None:
        for card in self.call("GET", "/api/v1/models")["items"]:
            if card["name"] == model:
                self.call("PATCH", f"/api/v1/models/{card['id']}", {"prefill": True})

    def kill(self, role: Role, with_signal: signal.Signals = signal.SIGKILL, *, number: int = 0) -> None:
        """One part of this role, which the fleet starts again."""
        with contextlib.suppress(ProcessLookupError):  # it is dead already
            self.fleet.kill(PARTS[role][number % len(PARTS[role])], with_signal)

    @contextlib.asynccontextmanager
    async def kept_alive(self) -> AsyncIterator[None]:
        """The fleet sees to that itself."""
        yield
        await asyncio.to_thread(wait_until, self.is_whole, timeout_s=WHOLE_S)

    def is_whole(self) -> bool:
        """Whether every part runs, and the edge answers."""
        try:
            self.call("GET", "/api/v1/me")
        except (AssertionError, OSError, http.client.HTTPException):
            return False
        return all(psutil.pid_exists(pid) for pid in self.fleet.pids.values())

    def is_steady(self) -> bool:
        """Whether every web host and worker has lived for a while: a worker leaves others their leases at first."""
        try:
            ages_s = [time.time() - psutil.Process(self.fleet.pids[part]).create_time() for part in PARTS["all"]]
        except (psutil.NoSuchProcess, KeyError):
            return False
        return min(ages_s) > STEADY_S

    def end(self) -> None:
        self.sql.behave("pass")
        self.hints.behave("pass")
        self.fleet.end()
        for proxy in (self.front, self.back, self.sql, self.hints):
            proxy.end()
        self.redis.end()
        self.postgres.end()
