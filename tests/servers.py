"""Real servers for tests that use them or break them: PostgreSQL, Redis and S3, each on a free loopback port in a folder.

Making one starts it and waits until it answers. `kill()` is the crash, `restart()` the return on the same port with what
was on disk, `end()` the end in good order. A missing binary is an error that says what to install: nothing is skipped.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import redis

from parley.fleet import programs

READY_S = 30.0
NOBODY = 65534


class NotThere(Exception):
    """A binary is missing; the message says what to install."""


class Server:
    """A process of ours that answers on `port`; subclasses say how to start it and how to ask whether it is ready."""

    name = "server"
    end_signal = signal.SIGTERM
    kill_signal = signal.SIGKILL

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._popen: subprocess.Popen[bytes] | None = None
        self.prepare()
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def prepare(self) -> None:
        """What has to be done once, before the first start."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def check(self) -> None:
        """Raises while the server does not answer."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        assert self._popen
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    @property
    def _log_path(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Again, after `kill` or `end`, on the same port."""
        until_s = time.monotonic() + READY_S
        while not self._start_once(until_s):
            time.sleep(0.05)  # what was killed a moment ago may still hold a port or shared memory

    def _start_once(self, until_s: float) -> bool:
        with self._log_path.open("ab") as log:
            self._popen = subprocess.Popen(self.command(), stdout=log, stderr=log, cwd=self.folder)
        while time.monotonic() < until_s:
            if self._popen.poll() is not None:
                return False
            try:
                self.check()
            except (OSError, psycopg.Error, redis.RedisError):
                time.sleep(0.02)
            else:
                return True
        self.kill()
        raise NotThere(f"{self.name} did not answer within {READY_S:.0f} s:\n{self.log[-3000:]}")

    def kill(self) -> None:
        """At once, with nothing saved that was not saved before."""
        self._stop(self.kill_signal)

    def end(self) -> None:
        """In good order."""
        self._stop(self.end_signal)

    def restart(self) -> None:
        """Kill it, if it still lives, and start it again."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Alive, but silent: every connection stays open and nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def _stop(self, with_signal: signal.Signals) -> None:
        if self._popen is None or self._popen.poll() is not None:
            return
        self._popen.send_signal(with_signal)
        try:
            self._popen.wait(10)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()


class Postgres(Server):
    """PostgreSQL 18 with pgvector. `durable=False` spares the disk: for clusters that are thrown away and never killed."""

    name = "postgres"
    end_signal = signal.SIGINT  # "fast": it breaks connections off and saves
    kill_signal = (
        signal.SIGQUIT
    )  # "immediate": as a crash, and without the children that a bare SIGKILL leaves for a while

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        durable: bool = True,
        options: Mapping[str, str] | None = None,
        of: "Postgres | None" = None,
    ) -> None:
        """`of` makes it a standby that follows that one."""
        self._durable = durable
        self._options = options or {}
        self._of = of
        super().__init__(folder, port=port)

    @property
    def url(self) -> str:
        """Of the database `parley`, for its owner."""
        return self.url_of("parley")

    def url_of(self, database: str) -> str:
        return f"postgresql://parley@127.0.0.1:{self.port}/{database}"

    @property
    def bin(self) -> Path:
        return postgres_bin()

    def prepare(self) -> None:
        lent_to_postgres(self.data)
        if (self.data / "PG_VERSION").exists():
            return
        if self._of:
            source = ("-h", "127.0.0.1", "-p", str(self._of.port), "-U", "parley")
            self._run("pg_basebackup", "-D", self._path, *source, "--write-recovery-conf", "--checkpoint=fast")
        else:
            locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
            self._run("initdb", "-D", self._path, "-U", "parley", "-A", "trust", "-E", "UTF8", *locale, "--no-sync")

    def command(self) -> list[str]:
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "synchronous_commit": "on",
            "logging_collector": "off",
        }
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options |= self._options
        chosen = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [*unprivileged(), str(self.bin / "postgres"), "-D", self._path, *chosen]

    def check(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=2) as connection:
            if (
                self._of is None
                and not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'parley'").rowcount
            ):
                connection.execute("CREATE DATABASE parley")

    def replica(self, folder: Path) -> "Postgres":
        """A standby that follows this one by streaming; it may be read."""
        return Postgres(folder, of=self, options=self._options)

    def wait_for(self, replica: "Postgres") -> None:
        """Until `replica` has all that this one has now."""
        with psycopg.connect(self.url) as here, psycopg.connect(replica.url, autocommit=True) as there:
            row = here.execute("SELECT pg_current_wal_lsn()::text").fetchone()
            assert row
            reached = "SELECT coalesce(pg_last_wal_replay_lsn() >= %s::pg_lsn, false)"
            wait_until(lambda: there.execute(reached, row).fetchone() == (True,))

    @property
    def data(self) -> Path:
        """The folder of its cluster."""
        return self.folder / "data"

    @property
    def _path(self) -> str:
        return str(self.data)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*unprivileged(), str(self.bin / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            raise NotThere(f"{program} failed: {done.stderr[-3000:]}")


class Redis(Server):
    """Redis 7, without persistence unless `options` ask for it."""

    name = "redis"

    def __init__(self, folder: Path, *, port: int = 0, options: Mapping[str, str] | None = None) -> None:
        self._options = {"save": "", "appendonly": "no"} | dict(options or {})
        super().__init__(folder, port=port)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        chosen = [part for name, value in self._options.items() for part in (f"--{name}", value)]
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return [found("redis-server", "apt-get install redis-server"), *place, *chosen]

    def check(self) -> None:
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            client.ping()


class Moto(Server):
    """S3 in memory: what it holds is gone when it is. Any key will do."""

    name = "moto"

    @property
    def url(self) -> str:
        """Of the endpoint; buckets are made by whoever wants them."""
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [found("moto_server", "make .venv/.dev"), "-H", "127.0.0.1", "-p", str(self.port)]

    def check(self) -> None:
        socket.create_connection(("127.0.0.1", self.port), timeout=2).close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def found(program: str, remedy: str) -> str:
    """Where `program` is: beside this Python, or on the path. Raises `NotThere`."""
    path = shutil.which(program, path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if path is None:
        raise NotThere(f"{program} is not installed. Run: {remedy}")
    return path


def postgres_bin() -> Path:
    """The folder of PostgreSQL's programs, as the fleet finds them."""
    return Path(programs.postgres("postgres")).parent


def lent_to_postgres(folder: Path) -> Path:
    """A folder that PostgreSQL's programs may write, and nobody else."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def unprivileged() -> list[str]:
    """Before a command of PostgreSQL, which root may not run.

    The capability lets it pass folders that are root's alone, as pytest's are, on the way to its own.
    """
    if os.geteuid() != 0:
        return []
    who = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [
        found("setpriv", "apt-get install util-linux"),
        *who,
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
    ]


def wait_until(condition: Callable[[], bool], *, timeout_s: float = READY_S) -> None:
    """Raises `AssertionError` when it does not come true in time."""
    until_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until_s, "it did not come true in time"
        time.sleep(0.02)
