"""The processes of a fleet without its edge: web hosts, reply workers, PostgreSQL and Redis, for tests that kill them."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import orjson
import psycopg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bench.processes import ROOT, Running
from tests.live import OWNER, PASSWORD
from tests.servers import Postgres, Redis, free_port, wait_until

READY_S = 90.0
THREADS = 50
Frame = dict[str, Any]


class Process:
    """One process of Parley; it may be killed, and started again."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._command, self._env, self._log = command, dict(env), log
        self._popen: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._popen = subprocess.Popen(self._command, env=self._env, cwd=ROOT, stdout=log, stderr=log)

    def send(self, what: signal.Signals) -> None:
        assert self._popen
        self._popen.send_signal(what)

    def kill(self, what: signal.Signals = signal.SIGKILL) -> None:
        self.send(what)
        self.wait()

    def wait(self, timeout_s: float = READY_S) -> int:
        assert self._popen
        return self._popen.wait(timeout_s)

    def end(self) -> None:
        if self.is_running:
            self.kill(signal.SIGTERM)

    @property
    def pid(self) -> int:
        assert self._popen
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")


class Web(Process):
    """A web process, asked as its edge would."""

    def __init__(self, name: str, env: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        options = [
            "--ws",
            "websockets-sansio",
            "--ws-per-message-deflate",
            "false",
            "--no-access-log",
            "--log-level",
            "warning",
        ]
        command = [sys.executable, "-m", "uvicorn", "parley.asgi:application", "--port", str(self.port), *options]
        super().__init__(name, command, {**env, "PARLEY_ROLE": "web"}, log)

    def start(self) -> None:
        super().start()
        wait_until(self._answers, timeout_s=READY_S)

    def _answers(self) -> bool:
        assert self.is_running, self.log[-3000:]
        try:
            return httpx.get(f"{self.address}/healthz/live", timeout=2).is_success
        except httpx.TransportError:
            return False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, key: str, body: object = None) -> httpx.Response:
        return httpx.request(
            method, self.address + path, json=body, headers={"Authorization": f"Bearer {key}"}, timeout=20
        )


class Worker(Process):
    """A Celery worker that writes replies."""

    def __init__(self, name: str, env: Mapping[str, str], log: Path) -> None:
        options = ["-n", f"{name}@test", "-Q", "replies,default", "-P", "threads", "-c", str(THREADS), "-l", "info"]
        quietly = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        command = [sys.executable, "-m", "celery", "-A", "parley.celery:app", "worker", *options, *quietly]
        super().__init__(name, command, {**env, "PARLEY_ROLE": "worker"}, log)

    @property
    def is_ready(self) -> bool:
        assert self.is_running, self.log[-3000:]
        return " ready." in self.log


class Many:
    """A fleet. What is not started with it is started by the test."""

    def __init__(self, folder: Path, vendor: Running, *, env: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.postgres = Postgres(folder / "postgres", durable=False)
        self.redis = Redis(folder / "redis")
        self._parts: list[Process] = []
        self._env = {
            name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "OPENAI_", "DJANGO_"))
        }
        self._env |= {
            "PARLEY_DATA": str(folder),
            "PARLEY_DATABASE_URL": self.postgres.url,
            "PARLEY_REDIS_URL": self.redis.url,
            "PARLEY_TITLES": "off",
            "PARLEY_SHUTDOWN_GRACE_S": "1",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{vendor.port}/v1",
            "OPENAI_API_KEY": "sk-test",
            "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        } | dict(env or {})
        self.key = self._found()

    def _found(self) -> str:
        self.command("user", "create", OWNER, "--admin", "--password-stdin", said=PASSWORD)
        self.command("migrate")  # also connects the vendor, and rings for its models
        return self.command("key", "create", OWNER, "--name", "test").strip()

    def command(self, *arguments: str, said: str = "") -> str:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("parley")), *arguments],
            input=said,
            env=self._env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def web(self, name: str, *, env: Mapping[str, str] | None = None) -> Web:
        """`env`: of this host alone."""
        web = Web(name, {**self._env, **(env or {})}, self.folder / f"{name}.log")
        self._parts.append(web)
        return web

    def workers(self, *names: str, env: Mapping[str, str] | None = None) -> list[Worker]:
        """Those of these names; what does not run is started, with `env` of its own."""
        running = {part.name: part for part in self._parts if isinstance(part, Worker) and part.is_running}
        for name in names:
            if name not in running:
                running[name] = Worker(
                    name, {**self._env, **(env or {})}, self.folder / f"{name}-{len(self._parts)}.log"
                )
                self._parts.append(running[name])
        for name in names:
            wait_until(partial(self._is_started, running[name]), timeout_s=READY_S)
        return [running[name] for name in names]

    def _is_started(self, worker: Worker) -> bool:
        """Without its broker it waits for it, and writes nevertheless."""
        return worker.is_ready or (not self.redis.is_running and "Connection refused" in worker.log)

    def bot_of(self, model: str, web: Web) -> str:
        """The default bot of a model, once the vendor has been asked for its models."""
        until_s = time.monotonic() + READY_S
        while time.monotonic() < until_s:
            for card in web.call("GET", "/api/v1/models", self.key).json()["items"]:
                if card["name"] == model and card["bot"]:  # a model may be listed a moment before its bot is there
                    return str(card["bot"])
            time.sleep(0.2)
        raise AssertionError(f"no model {model}")

    def change_model(self, model: str, web: Web, **changes: object) -> None:
        self.bot_of(model, web)
        for card in web.call("GET", "/api/v1/models", self.key).json()["items"]:
            if card["name"] == model:
                assert web.call("PATCH", f"/api/v1/models/{card['id']}", self.key, changes).is_success

    def writer_of(self, generation: str) -> Worker:
        """The worker that writes it."""
        with psycopg.connect(self.postgres.url) as connection:
            row = connection.execute("SELECT owner FROM engine_generation WHERE id = %s", [generation]).fetchone()
        assert row
        (worker,) = (part for part in self._parts if isinstance(part, Worker) and f":{part.pid}:" in row[0])
        return worker

    def end(self) -> None:
        for part in reversed(self._parts):
            part.end()
        self.redis.end()
        self.postgres.end()


class Reader:
    """A socket, and a thread that keeps what it was told and when."""

    def __init__(self, web: Web, key: str) -> None:
        self.frames: list[Frame] = []
        self._heard: queue.Queue[Frame] = queue.Queue()
        self._stack = ExitStack()
        self._line = self._stack.enter_context(
            connect(f"ws://127.0.0.1:{web.port}/ws", additional_headers={"Authorization": f"Bearer {key}"})
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for text in self._line:
                self._heard.put({**orjson.loads(text), "heard_s": time.monotonic()})
        except ConnectionClosed as closed:
            self._heard.put({"type": "closed", "code": closed.rcvd.code if closed.rcvd else 0})

    def send(self, **command: object) -> None:
        self._line.send(orjson.dumps(command).decode())

    def next(self, *kinds: str, timeout_s: float = 30.0) -> Frame:
        """The next frame of one of these types; `closed` is the end of the connection, with its code."""
        until_s = time.monotonic() + timeout_s
        while True:
            frame = self._heard.get(timeout=max(0.01, until_s - time.monotonic()))
            self.frames.append(frame)
            if frame["type"] in kinds:
                return frame

    def events(self, *, until: int | None = None, timeout_s: float = 60.0) -> list[Frame]:
        """Event frames up to the last one of a tape, or until `until` of them were heard."""
        heard = []
        while True:
            heard.append(self.next("event", timeout_s=timeout_s))
            ends = heard[-1]["event"]["type"] in ("finished", "stopped", "failed", "interrupted")
            if ends or len(heard) == until:
                return heard

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def text_of(frames: list[Frame]) -> str:
    text = ""
    for frame in frames:
        kind = frame["event"]["type"]
        text = "" if kind == "reset" else text + (frame["event"]["text"] if kind == "delta" else "")
    return text


def seqs_of(frames: list[Frame]) -> list[int]:
    return [frame["seq"] for frame in frames]
