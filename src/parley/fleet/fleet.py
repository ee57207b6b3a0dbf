"""`parley fleet`: every part of the topology on this machine, started in order, kept alive, rolled, ended in order."""

import contextlib
import signal
import sys
import time
from pathlib import Path

from parley.fleet.part import PartFailed
from parley.fleet.plan import REPLIES, WEB, Plan, allow_many_files
from parley.fleet.supervisor import EndWanted, Supervisor

# Who asks ends before who answers. The edge outlives the web hosts, so that what they still say gets through.
ORDER_OF_THE_END = (WEB, ("edge",), (*REPLIES, "jobs", "beat"), ("models", "redis", "replica"), ("postgres",))
EDGE_TURNS_S = 0.5  # nginx takes this long, at most, to follow a new configuration


class Fleet:
    """Runs until it is told to end."""

    def __init__(self, folder: Path, port: int) -> None:
        self._plan = Plan(folder, port)
        self._supervisor = Supervisor(folder, say)
        self._edge = self._plan.edge

    def run(self) -> None:
        """Raises `PartFailed` or `NotInstalled` when it cannot start; what had started has ended then."""
        allow_many_files()
        self._supervisor.listen()
        try:
            link = self._start()
            self._announce(link)
            while True:
                self._supervisor.keep()
                if self._supervisor.told_to_roll:
                    self._supervisor.told_to_roll = False
                    self._roll()
                self._supervisor.pause()
        except EndWanted:
            pass
        finally:
            for names in ORDER_OF_THE_END:
                self._supervisor.end(names)

    # --- Start --------------------------------------------------------------------------------------------------------

    def _start(self) -> str:
        """Databases, tables, Parley, edge. Returns what the migration had to say: the first start's sign-in link."""
        plan, supervisor = self._plan, self._supervisor
        self._edge.prepare()
        if plan.owns_postgres:
            plan.primary.prepare()
            supervisor.start([plan.primary.part(plan.bare_env())])
        if plan.owns_redis:
            supervisor.start([plan.redis()])
        if plan.owns_postgres:
            plan.replica.prepare()
            supervisor.start([plan.replica.part(plan.bare_env())])
        if plan.owns_models:
            supervisor.start([plan.models()])
        plan.write_settings()
        said = supervisor.run(plan.migrate(), env=plan.env())
        supervisor.start([*(plan.web(name) for name in WEB), *plan.workers(), plan.beat()])
        supervisor.start([self._edge.part(plan.bare_env())])
        return said

    def _announce(self, link: str) -> None:
        say(f"Parley fleet is ready at {self._plan.address}")
        for name, pid in self._supervisor.pids.items():
            say(f"  {name:<10} pid {pid}")
        if link.strip():
            say(link.strip())

    # --- Roll ---------------------------------------------------------------------------------------------------------

    def _roll(self) -> None:
        """One part after another takes the code that lies there now; at no moment is there nobody who answers.

        The order of docs/operations.md: tables, workers, web hosts, Beat, edge. A part of the new code that does not start
        ends the roll, and is tried again; the other parts stay as they are.
        """
        plan, supervisor = self._plan, self._supervisor
        say("Rolling: tables, workers, web hosts, Beat, files.")
        try:
            supervisor.run(plan.migrate(), env=plan.env())
            self._edge.keep_files()
            for part in plan.workers():
                supervisor.replace(part)
            for name in WEB:
                self._replace_web(name)
            supervisor.replace(plan.beat())
        except PartFailed as failed:
            say(f"The roll stopped half way: {failed}")
        else:
            say("Rolled: every part runs the code that lies there now.")

    def _replace_web(self, name: str) -> None:
        """Nothing new comes to it, then what it has ends, then its successor is asked to join."""
        self._turn_edge(down=[name])
        try:
            self._supervisor.replace(self._plan.web(name))
        finally:
            self._turn_edge(down=[])

    def _turn_edge(self, *, down: list[str]) -> None:
        self._edge.write(down=down)
        self._supervisor.tell("edge", signal.SIGHUP)
        time.sleep(EDGE_TURNS_S)


def say(line: str) -> None:
    """To whoever started the fleet, if he still listens."""
    with contextlib.suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
