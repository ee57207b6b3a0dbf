"""PostgreSQL, primary and replica, and Redis: their folders, their passwords, their parts."""

import hashlib
import hmac
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import psycopg

from parley.fleet.part import Part
from parley.fleet.programs import NOBODY, as_somebody_else, postgres, redis_server
from parley.fleet.ready import Question, pongs
from parley.fleet.supervisor import run_quietly
from parley.fleet.template import template

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # Linux's name for the time since it was switched on
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def password_of(what: str, secret: str) -> str:
    """The same at each start, so that data stay readable, and nowhere on the disk but in files of mode 0600."""
    return hmac.new(secret.encode(), f"fleet:{what}".encode(), hashlib.sha256).hexdigest()[:40]


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL in `folder`, on a port of 127.0.0.1; the replica names its primary's port."""

    name: str
    folder: Path
    port: int
    password: str
    primary_port: int = 0

    @property
    def url(self) -> str:
        return f"postgresql://parley:{self.password}@127.0.0.1:{self.port}/parley"

    def prepare(self) -> None:
        """Make its files when there are none. The replica's are copied from its running primary, again after each boot."""
        if (self.folder / "PG_VERSION").exists() and not self._may_have_lost_writes():
            return
        shutil.rmtree(self.folder, ignore_errors=True)  # or a copy that was cut off
        _own(self.folder.parent)
        _own(self.folder)
        if self.primary_port:
            source = f"postgresql://parley:{self.password}@127.0.0.1:{self.primary_port}/postgres"
            self._run("pg_basebackup", "-D", str(self.folder), "-d", source, "-R", "--checkpoint=fast")
            (self.folder / "boot_id").write_text(_boot_id(), encoding="utf-8")
            return
        password_file = self.folder.parent / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        self._run(
            "initdb",
            "-D",
            str(self.folder),
            "-U",
            "parley",
            "-A",
            "scram-sha-256",
            f"--pwfile={password_file}",
            *LOCALE,
        )
        password_file.unlink()

    def part(self, env: dict[str, str]) -> Part:
        configuration = self.folder / "parley.conf"
        shutil.copyfile(template("postgres/parley.conf"), configuration)
        if os.geteuid() == 0:
            os.chown(configuration, NOBODY, NOBODY)
        main = self.folder / "postgresql.conf"
        if "include 'parley.conf'" not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as file:
                file.write("\ninclude 'parley.conf'\n")
        here = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        if self._is_unsynced:
            here["fsync"] = "off"
            # Three reports of each commit to its primary cost more than its replay, and nobody here reads them. A read that the
            # vacuum of the primary cuts off goes to the primary.
            here |= {"wal_receiver_status_interval": "0", "hot_standby_feedback": "off"}
        chosen = [word for name, value in here.items() for word in ("-c", f"{name}={value}")]
        return Part(
            self.name,
            (*as_somebody_else("INT"), postgres("postgres"), "-D", str(self.folder), *chosen),
            self._is_ready,
            env=env,
            folder=self.folder,
            end_signal=signal.SIGINT,  # "fast": it breaks connections off and saves
            grace_s=30,
        )

    @property
    def _is_unsynced(self) -> bool:
        """A copy on the disk of its primary need not survive a power cut, and syncing it costs as much as all web hosts."""
        return bool(self.primary_port and _boot_id())

    def _may_have_lost_writes(self) -> bool:
        if not self._is_unsynced:
            return False
        made = self.folder / "boot_id"
        return not made.exists() or made.read_text(encoding="utf-8") != _boot_id()

    def _is_ready(self, said: str) -> bool:
        url = self.url.removesuffix("/parley") + "/postgres"
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
                there = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'parley'").rowcount
                if not there and not self.primary_port:
                    connection.execute("CREATE DATABASE parley")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        run_quietly([*as_somebody_else("TERM"), postgres(program), *arguments])


def _boot_id() -> str:
    return BOOT_ID.read_text(encoding="ascii").strip() if BOOT_ID.exists() else ""


def redis_part(folder: Path, port: int, password: str, env: dict[str, str]) -> Part:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    configuration = folder / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(f"include {template('redis/redis.conf')}\nrequirepass {password}\n")
    place = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--daemonize", "no")
    is_ready: Question = pongs(port, password)
    return Part("redis", (redis_server(), str(configuration), *place), is_ready, env=env, folder=folder)


def _own(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
