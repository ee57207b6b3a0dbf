"""The supervisor over small programs; over the real ones: tests/test_fleet.py."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from parley.fleet import programs
from parley.fleet.part import Part, PartFailed
from parley.fleet.programs import NotInstalled
from parley.fleet.ready import has_said
from parley.fleet.supervisor import EndWanted, Supervisor

FOREVER = "import time, sys; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
WITH_CHILD = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "


class Stage:
    """A supervisor, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.supervisor = Supervisor(folder, self.said.append)

    def part(self, code: str, *, name: str = "part", grace_s: float = 5.0, ready_within_s: float = 20.0) -> Part:
        command = (sys.executable, "-c", code)
        return Part(
            name,
            command,
            has_said("up"),
            env=dict(os.environ),
            folder=self.folder,
            grace_s=grace_s,
            ready_within_s=ready_within_s,
        )

    def keep_until_revived(self, name: str, old: int) -> int:
        until_s = time.monotonic() + 20
        while self.supervisor.pids[name] == old and time.monotonic() < until_s:
            self.supervisor.keep()
            time.sleep(0.02)
        assert self.supervisor.pids[name] != old
        return self.supervisor.pids[name]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    stage = Stage(tmp_path)
    yield stage
    stage.supervisor.end(stage.supervisor.names)
    for name, handler in before.items():
        signal.signal(name, handler)


def test_what_dies_is_started_again_and_its_children_do_not_outlive_it(stage: Stage) -> None:
    stage.supervisor.start([stage.part(WITH_CHILD + FOREVER)])
    old = stage.supervisor.pids["part"]
    (child,) = psutil.Process(old).children()
    os.kill(old, signal.SIGKILL)
    new = stage.keep_until_revived("part", old)

    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    assert "part was killed by SIGKILL; it is started again in 0.1 s." in stage.said[0]
    assert (stage.folder / "fleet.pids").read_text() == f"part {new}\n"


def test_what_dies_is_started_again_though_its_pid_cannot_be_written_down(stage: Stage) -> None:
    """As on a full disk."""
    stage.supervisor.start([stage.part(FOREVER)])
    old = stage.supervisor.pids["part"]
    (stage.folder / "fleet.new").mkdir()
    os.kill(old, signal.SIGKILL)
    stage.keep_until_revived("part", old)

    assert any("could not be written" in line for line in stage.said)


def test_what_keeps_dying_is_started_more_and_more_seldom(stage: Stage) -> None:
    stage.supervisor.start([stage.part("print('up', flush=True); import time; time.sleep(0.2)")])
    old = stage.supervisor.pids["part"]
    old = stage.keep_until_revived("part", old)
    stage.keep_until_revived("part", old)

    assert [line.partition(" again in ")[2][:3] for line in stage.said if " again in " in line] == ["0.1", "0.5"]


def test_a_part_that_does_not_start_is_named_with_the_end_of_its_log(stage: Stage) -> None:
    with pytest.raises(PartFailed, match=r"part ended with code 3, but is not ready\. .*part\.log ends so:\nno disk"):
        stage.supervisor.start([stage.part("import sys; print('no disk', flush=True); sys.exit(3)")])


def test_a_part_that_says_nothing_is_not_waited_for_for_ever(stage: Stage) -> None:
    with pytest.raises(PartFailed, match="part runs, but is not ready"):
        stage.supervisor.start([stage.part("import time; time.sleep(600)", ready_within_s=0.3)])


def test_who_does_not_end_is_killed_when_its_time_is_over(stage: Stage) -> None:
    stage.supervisor.start([stage.part(STUBBORN, grace_s=0.3)])
    pid = stage.supervisor.pids["part"]
    stage.supervisor.end(["part"])

    assert not psutil.pid_exists(pid)
    assert stage.said == ["part did not end within 0.3 s, and is killed."]
    assert stage.supervisor.pids == {}


def test_while_one_ends_the_others_are_kept_alive(stage: Stage) -> None:
    stage.supervisor.start([stage.part(STUBBORN, name="slow", grace_s=3.0), stage.part(FOREVER, name="other")])
    old = stage.supervisor.pids["other"]
    os.kill(old, signal.SIGKILL)
    stage.supervisor.end(["slow"])

    assert stage.supervisor.pids["other"] != old


def test_a_word_to_end_interrupts_a_start(stage: Stage) -> None:
    stage.supervisor.listen()
    os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(EndWanted):
        stage.supervisor.start([stage.part("import time; time.sleep(600)")])


def test_a_hangup_asks_for_a_roll(stage: Stage) -> None:
    stage.supervisor.listen()
    os.kill(os.getpid(), signal.SIGHUP)

    assert stage.supervisor.told_to_roll


def test_a_command_that_fails_is_told_with_its_words(stage: Stage) -> None:
    assert stage.supervisor.run([sys.executable, "-c", "print('done')"], env=dict(os.environ)) == "done\n"
    with pytest.raises(PartFailed, match="no such table"):
        stage.supervisor.run([sys.executable, "-c", "raise SystemExit('no such table')"], env=dict(os.environ))


def test_a_program_that_is_missing_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda program, path="": None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    for find, remedy in (
        (programs.nginx, "nginx is not installed. Run: apt-get install nginx-light"),
        (programs.redis_server, "redis-server is not installed. Run: apt-get install redis-server"),
        (lambda: programs.postgres("postgres"), "PostgreSQL 18 is not installed. Run: make fleet"),
    ):
        with pytest.raises(NotInstalled, match=remedy):
            find()
