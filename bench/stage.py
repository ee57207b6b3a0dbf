"""The stage: a vendor, a relay and a fresh Parley, each started when first asked for, all ended when the curtain falls."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.load.browser import Target
from bench.processes import ROOT, DidNotStart, Running, python
from bench.rest import Rest

OWNER = "owner@example.org"
LONG, SHORT, SINGLE, PAGE = "mock-150x30", "mock-8x0", "mock-10x30", "mock-40x0"
FLOOD, STREAM = "mock-1x0-endless", "mock-1x10-endless"  # till they reach what an answer may weigh
MODELS = (LONG, SHORT, SINGLE, PAGE, FLOOD, STREAM)
PEOPLE = 1000
MODELS_S = 20.0


class Parley:
    """A Parley on its own data folder, which is set up once and may be started many times."""

    def __init__(self, folder: Path, vendor_port: int, *, people: int = PEOPLE, database: str = "") -> None:
        """`database` is the URL of a PostgreSQL; without one it is SQLite in the folder."""
        self.folder = folder
        self._people = people
        self.command = str(Path(sys.executable).with_name("parley"))
        self.env = {
            "OPENAI_BASE_URL": f"http://127.0.0.1:{vendor_port}/v1",
            "OPENAI_API_KEY": "sk-parley",
            "PARLEY_TITLES": "off",  # a title is one more call to the vendor; the figures are about the reply
            "PARLEY_DATA": str(folder),
        }
        if database:  # an empty one would hide what a fleet wrote into its folder for the commands
            self.env["PARLEY_DATABASE_URL"] = database
        self.running: Running | None = None
        self.keys: list[str] = []
        self._bots: dict[str, str] = {}

    def set_up(self) -> None:
        """Make the folder, its owner and its people."""
        self._run([self.command, "user", "create", OWNER, "--admin", "--data", str(self.folder)])
        self.owner_key = self._run(
            [self.command, "key", "create", OWNER, "--name", "bench", "--data", str(self.folder)]
        ).strip()
        people = python("-m", "bench.people", "--data", str(self.folder), "--count", str(self._people))
        self.keys = self._run(people).split()

    def sign_in_link(self) -> str:
        """A link that signs its owner in, once; its host may be another one than where it listens."""
        return self._run([self.command, "user", "link", OWNER, "--data", str(self.folder)]).strip()

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, env=self.whole_env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DidNotStart(f"{' '.join(command[:4])} … failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
        return done.stdout

    @property
    def whole_env(self) -> dict[str, str]:
        """What its commands run with."""
        return {**os.environ, **self.env}

    def start(self) -> Running:
        """Start it, and wait until it says that it is ready."""
        up = [self.command, "up", "--port", "0", "--data", str(self.folder)]
        self.running = Running("parley", up, "Parley is ready at", self.env)
        return self.running

    def end(self) -> None:
        """End it; the folder stays."""
        if self.running:
            self.running.end()
            self.running = None

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self.running
        return self.running.port

    def rest(self, key: str | None = None) -> Rest:
        """A connection to its REST interface, as its owner unless told otherwise."""
        return Rest(self.port, key or self.owner_key)

    def target(self, model: str, keys: list[str] | None = None) -> Target:
        """It, with the bot that speaks by this model."""
        return Target(self.socket_url, keys or self.keys, self._bot(model))

    @property
    def socket_url(self) -> str:
        """Where its socket is."""
        return f"ws://127.0.0.1:{self.port}/ws"

    def _bot(self, model: str) -> str:
        """The default bot of a model; the first start asks the vendor for its models, which may take a moment."""
        until_s = time.monotonic() + MODELS_S
        while model not in self._bots:
            cards = self.rest().get("/api/v1/models")["items"]
            # One that is known stays: a row may connect another vendor with models of the same names.
            self._bots = {card["name"]: card["bot"] for card in cards} | self._bots
            if time.monotonic() > until_s:
                raise DidNotStart(f"Parley does not offer {model}, only {sorted(self._bots)}.")
            time.sleep(0.1)
        return self._bots[model]


class Fleet(Parley):
    """The same code as many processes, behind TLS: `parley fleet`. It is set up while it runs."""

    def start(self) -> Running:
        up = [self.command, "fleet", "--port", "0", "--data", str(self.folder)]
        self.running = Running("fleet", up, "Parley fleet is ready at", self.env)
        return self.running

    def rest(self, key: str | None = None) -> Rest:
        return Rest(self.port, key or self.owner_key, tls=True)

    @property
    def socket_url(self) -> str:
        return f"wss://127.0.0.1:{self.port}/ws"

    def parts(self, name: str) -> list[psutil.Process]:
        """The processes of the parts whose names begin so."""
        lines = (self.folder / "fleet.pids").read_text().split("\n")
        firsts = [psutil.Process(int(line.split()[1])) for line in lines if line.startswith(name)]
        return [process for first in firsts for process in (first, *first.children(recursive=True))]


class Stage:
    """Everything that a row may ask for."""

    def __init__(self, folder: Path, *, quick: bool, profile: bool = False) -> None:
        self.folder = folder
        self.quick = quick
        self.profile = profile
        self._vendor: Running | None = None
        self._relays: dict[str, Running] = {}
        self._parley: Parley | None = None
        self._fleet: Fleet | None = None

    @property
    def repeats(self) -> int:
        """How often a key row is run."""
        return 1 if self.quick else 3

    @property
    def vendor(self) -> Running:
        """The mock vendor."""
        if self._vendor is None:
            self._vendor = Running("vendor", python("-m", "bench.vendor", "--models", ",".join(MODELS)), "listening on")
        return self._vendor

    def relay(self, model: str) -> Running:
        """The relay that asks for this model."""
        if model not in self._relays:
            vendor = f"http://127.0.0.1:{self.vendor.port}/v1"
            command = python("-m", "bench.relay", "--vendor", vendor, "--model", model)
            self._relays[model] = Running("relay", command, "listening on")
        return self._relays[model]

    @property
    def parley(self) -> Parley:
        """Parley, set up and running."""
        parley = self.parley_at_rest
        if parley.running is None:
            parley.start()
        return parley

    @property
    def parley_at_rest(self) -> Parley:
        """Parley, set up; running or not."""
        if self._parley is None:
            self._parley = Parley(self.folder / "data", self.vendor.port)
            self._parley.set_up()
        return self._parley

    @property
    def fleet(self) -> Fleet:
        """The fleet, running and set up."""
        if self._fleet is None:
            self._fleet = Fleet(self.folder / "fleet", self.vendor.port)
            self._fleet.start()
            self._fleet.set_up()
        return self._fleet

    def clear(self) -> None:
        """End everything."""
        for parley in (self._parley, self._fleet):
            if parley:
                parley.end()
        for running in (*self._relays.values(), self._vendor):
            if running:
                running.end()


@contextmanager
def stage(*, quick: bool, profile: bool = False) -> Iterator[Stage]:
    """A stage in a folder of its own, which is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    standing = Stage(folder, quick=quick, profile=profile)
    try:
        yield standing
    finally:
        standing.clear()
        shutil.rmtree(folder, ignore_errors=True)
