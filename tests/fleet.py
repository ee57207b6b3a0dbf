"""A real fleet in processes of its own, on its own folder: for tests that use it, kill its parts and roll it."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.processes import ROOT, Running
from parley.core.env_file import read_env_file
from parley.core.lifeline import end_with_parent
from tests.live import MODELS_S, OWNER, PASSWORD

READY_S = 120.0
END_S = 90.0
PARTS = ("postgres", "replica", "redis", "web-1", "web-2", "replies-1", "replies-2", "jobs", "beat", "edge")


class Fleet:
    """`parley fleet`, with an owner and an API key once `found` was called."""

    def __init__(
        self, folder: Path, vendor: Running | None = None, env: Mapping[str, str] | None = None, *, code: Path = ROOT
    ) -> None:
        """`code` is the checkout whose code runs."""
        self.folder = folder
        self._command = str(Path(sys.executable).with_name("parley"))
        self._env = {
            name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "OPENAI_", "DJANGO_"))
        }
        self._env |= {"PARLEY_DATA": str(folder), "PARLEY_TITLES": "off", "PYTHONPATH": str(code / "src")}
        self._env |= {"PARLEY_FRONTEND": str(ROOT / "frontend" / "dist")}
        if vendor:
            self._env |= {"OPENAI_BASE_URL": f"http://127.0.0.1:{vendor.port}/v1", "OPENAI_API_KEY": "sk-test"}
        self._env |= env or {}
        self._popen: subprocess.Popen[str] | None = None
        self._lines: list[str] = []
        self.port = 0
        self.key = ""

    # --- Start and end ------------------------------------------------------------------------------------------------

    def start(self, **env: str) -> None:
        """Start, and wait until it says that it is ready. The port stays the same over restarts."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lines = []
        with (self.folder / "test.log").open("a") as log:
            self._popen = subprocess.Popen(
                [self._command, "fleet", "--port", str(self.port), "--data", str(self.folder)],
                env=self._env | env,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=end_with_parent,  # a test run that is killed leaves no fleet behind
            )
        threading.Thread(target=self._read, args=(self._popen,), daemon=True).start()
        ready = self.wait_for_line("Parley fleet is ready at", READY_S)
        self.port = int(ready.rstrip("/").rpartition(":")[2])

    def found(self) -> str:
        """Make the owner, with a password, and an API key. The fleet runs. Returns the key."""
        self.run("user", "create", OWNER, "--admin", "--password-stdin", said=PASSWORD)
        self.key = self.run("key", "create", OWNER, "--name", "test").strip()
        return self.key

    def run(self, *arguments: str, said: str = "") -> str:
        """A `parley` command; it finds the fleet by its folder alone."""
        command = [self._command, *arguments, "--data", str(self.folder)]
        done = subprocess.run(command, input=said, env=self._env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def end(self) -> int:
        """Ctrl+C, and wait until all is gone; the exit code."""
        assert self._popen
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGINT)
        return self._popen.wait(END_S)

    def roll(self) -> None:
        """Ask for a rolling restart, and wait until it is done."""
        assert self._popen
        before = len(self._lines)
        self._popen.send_signal(signal.SIGHUP)
        self.wait_for_line("Rolled:", READY_S + END_S, after=before)

    # --- Parts --------------------------------------------------------------------------------------------------------

    @property
    def supervisor(self) -> int:
        assert self._popen
        return self._popen.pid

    @property
    def pids(self) -> dict[str, int]:
        """The first process of each part, by the part's name."""
        lines = (self.folder / "fleet.pids").read_text().split("\n")
        return {name: int(pid) for name, _, pid in (line.partition(" ") for line in lines if line)}

    def kill(self, part: str, with_signal: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a part's first process. Returns the pid it had; `wait_for_part` waits for the next."""
        pid = self.pids[part]
        os.kill(pid, with_signal)
        return pid

    def wait_for_part(self, part: str, *, not_pid: int, timeout_s: float = 60.0) -> int:
        """Until the part runs under another pid; that."""
        wait_until(lambda: self.pids.get(part, not_pid) != not_pid, timeout_s=timeout_s)
        return self.pids[part]

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        assert self._popen
        supervisor = psutil.Process(self._popen.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    # --- What it says and holds ---------------------------------------------------------------------------------------

    @property
    def said(self) -> str:
        return "".join(self._lines)

    def log(self, part: str) -> str:
        return (self.folder / "logs" / f"{part}.log").read_text(errors="replace")

    def wait_for_line(self, words: str, timeout_s: float = 30.0, *, after: int = 0) -> str:
        """The first line with these words that the fleet prints, from line `after` on."""
        until_s = time.monotonic() + timeout_s
        while time.monotonic() < until_s:
            for line in self._lines[after:]:
                if words in line:
                    return line.strip()
            if self._popen and self._popen.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"never said {words!r}:\n{self.said}\n{(self.folder / 'test.log').read_text()[-3000:]}")

    @property
    def settings(self) -> dict[str, str]:
        return read_env_file(self.folder / "parley.env")

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext:
        """Trusts this fleet's certificate and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "edge" / "certificate.pem"))

    def call(self, method: str, path: str, body: object = None, key: str = "") -> Any:
        """A REST call through the edge that must succeed; its JSON."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.tls)
        headers = {"Authorization": f"Bearer {key or self.key}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        raw = answer.read()
        connection.close()
        assert answer.status < 300, (answer.status, raw[:500])
        return json.loads(raw) if raw else None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the primary beside the fleet; `%s` stands for a value."""
        with psycopg.connect(self.settings["PARLEY_DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(sql, values or None).fetchall()

    def bot_of(self, model: str) -> str:
        """The default bot of a model; right after the first start the vendor is still being asked for its models."""
        until_s = time.monotonic() + MODELS_S
        while time.monotonic() < until_s:
            for card in self.call("GET", "/api/v1/models")["items"]:
                if card["name"] == model and card["bot"]:  # a model may be listed a moment before its bot is there
                    return str(card["bot"])
            time.sleep(0.1)
        raise AssertionError(f"no model {model}: {self.log('jobs')[-2000:]}")

    def _read(self, popen: subprocess.Popen[str]) -> None:
        assert popen.stdout
        self._lines.extend(popen.stdout)


def wait_until(condition: Callable[[], bool], *, timeout_s: float = 30.0) -> None:
    """Raises `AssertionError` when it does not come true in time."""
    until_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until_s, "it did not come true in time"
        time.sleep(0.05)
