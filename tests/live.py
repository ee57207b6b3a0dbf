"""A real Parley in a process of its own, on its own folder and port, beside a mock vendor: for tests that kill things."""

import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from bench.processes import ROOT, Running, python

OWNER = "owner@example.org"
PASSWORD = "correct horse battery staple"
MODELS_S = 20.0


def start_vendor(*models: str) -> Running:
    """The mock vendor; see `bench.vendor.scripts` for what a model's name may ask for."""
    return Running("vendor", python("-m", "bench.vendor", "--models", ",".join(models)), "listening on")


class Live:
    """One Parley; it may be killed and started again on the same folder."""

    def __init__(self, folder: Path, vendor: Running | None = None, env: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._command = str(Path(sys.executable).with_name("parley"))
        self._env = {
            name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "OPENAI_", "DJANGO_"))
        }
        self._env |= {"PARLEY_DATA": str(folder), "PARLEY_TITLES": "off"}
        if vendor:
            self._env |= {"OPENAI_BASE_URL": f"http://127.0.0.1:{vendor.port}/v1", "OPENAI_API_KEY": "sk-test"}
        self._env |= env or {}
        self._popen: subprocess.Popen[str] | None = None
        self.port = 0
        self.key = ""

    def found(self) -> str:
        """Make the owner, with a password, and an API key. Returns the key."""
        self.run("user", "create", OWNER, "--admin", "--password-stdin", said=PASSWORD)
        return self.run("key", "create", OWNER, "--name", "test").strip()

    def run(self, *arguments: str, said: str = "") -> str:
        """A `parley` command."""
        command = [self._command, *arguments, "--data", str(self.folder)]
        return subprocess.run(
            command, input=said, env=self._env, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    def start(self, **env: str) -> None:
        """Start, and wait until it says that it is ready. The port stays the same over restarts."""
        self._popen = subprocess.Popen(
            [self._command, "up", "--port", str(self.port), "--data", str(self.folder)],
            env=self._env | env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log_file(),
            text=True,
        )
        assert self._popen.stdout
        ready = self._popen.stdout.readline()
        assert "Parley is ready at" in ready, self.log
        self.port = int(ready.rstrip("/\n").rpartition(":")[2])

    def kill(self, with_signal: signal.Signals = signal.SIGKILL) -> None:
        assert self._popen
        self._popen.send_signal(with_signal)
        self.wait()

    def wait(self, timeout_s: float = 30.0) -> int:
        """Until it is gone; its exit code."""
        assert self._popen
        code = self._popen.wait(timeout_s)
        if self._popen.stdout:
            self._popen.stdout.close()
        return code

    def end(self) -> None:
        if self._popen and self._popen.poll() is None:
            self.kill(signal.SIGTERM)

    @property
    def pid(self) -> int:
        assert self._popen
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "test.log").read_text()

    def _log_file(self) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        return os.open(self.folder / "test.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def call(self, method: str, path: str, key: str, body: object = None) -> Any:
        """A REST call that must succeed; its JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        connection.request(method, path, orjson.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        raw = answer.read()
        connection.close()
        assert answer.status < 300, (answer.status, raw[:500])
        return orjson.loads(raw) if raw else None

    def bot_of(self, model: str, key: str) -> str:
        """The default bot of a model; right after the first start the vendor is still being asked for its models."""
        until = time.monotonic() + MODELS_S
        while time.monotonic() < until:
            for card in self.call("GET", "/api/v1/models", key)["items"]:
                if card["name"] == model and card["bot"]:  # a model may be listed a moment before its bot is there
                    return str(card["bot"])
            time.sleep(0.1)
        raise AssertionError(f"no model {model}: {self.log[-2000:]}")

    def change_model(self, model: str, key: str, **changes: object) -> None:
        for card in self.call("GET", "/api/v1/models", key)["items"]:
            if card["name"] == model:
                self.call("PATCH", f"/api/v1/models/{card['id']}", key, changes)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database beside the process."""
        with sqlite3.connect(f"file:{self.folder}/parley.sqlite3?mode=ro", uri=True, timeout=20) as connection:
            return connection.execute(sql, values).fetchall()


@contextmanager
def living(folder: Path, vendor: Running, model: str) -> Iterator[Live]:
    """A Parley with its owner and their key, as soon as it offers this model of the vendor's."""
    live = Live(folder, vendor)
    live.key = live.found()
    live.start()
    try:
        live.bot_of(model, live.key)
        yield live
    finally:
        live.end()
