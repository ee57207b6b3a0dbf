"""Beat as a process of its own on real PostgreSQL and Redis: its schedule stands in the database and is people's to change."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from parley.keeping.tests.instance import Instance, empty_database
from tests.servers import Postgres, Redis, wait_until

BEAT = [sys.executable, "-m", "celery", "-A", "parley.celery:app", "beat", "--pidfile=", "-l", "warning"]
SCHEDULE = """
SELECT task.name, task.task, interval.every FROM django_celery_beat_periodictask task
JOIN django_celery_beat_intervalschedule interval ON interval.id = task.interval_id
"""


class Fleet:
    """PostgreSQL, Redis, and a Beat that may be started again."""

    def __init__(self, folder: Path) -> None:
        self.postgres = Postgres(folder / "postgres", durable=False)
        self.redis = Redis(folder / "redis")
        more = {"PARLEY_REDIS_URL": self.redis.url, "PARLEY_ROLE": "beat"}
        self.instance = Instance(folder / "data", empty_database(self.postgres, "beat"), more)

    def end(self) -> None:
        self.redis.end()
        self.postgres.end()

    def beat(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(BEAT, env=self.instance.environment(), stderr=subprocess.DEVNULL)

    def schedule(self) -> dict[str, tuple[str, int]]:
        with psycopg.connect(self.instance.url) as connection:
            return {name: (task, every) for name, task, every in connection.execute(SCHEDULE).fetchall()}

    def change(self, sql: str) -> None:
        with psycopg.connect(self.instance.url) as connection:
            connection.execute(sql)

    def bells(self) -> int:
        with redis.Redis.from_url(self.redis.url) as client:
            return sum(client.llen(key) for key in client.keys("*") if client.type(key) == b"list")


def end(beat: "subprocess.Popen[bytes]") -> None:
    """At once: what it keeps stands in the database, and told to end while it starts, Celery's Beat may miss it."""
    beat.kill()
    beat.wait()


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path_factory.mktemp("fleet"))
    yield fleet
    fleet.end()


def test_a_schedule_is_kept_in_the_database_and_what_people_changed_stays(fleet: Fleet) -> None:
    fleet.instance.must("user", "create", "ada@example.org", "--password-stdin", typed="a good long pass phrase\n")
    first = fleet.beat()
    wait_until(lambda: len(fleet.schedule()) > 5 and fleet.bells() > 0, timeout_s=60)
    end(first)
    assert fleet.schedule()["clean by the rules of retention"] == ("keeping.clean", 3600)
    assert fleet.schedule()["take over generations that nobody writes"] == ("engine.sweep", 5)

    fleet.change(
        "UPDATE django_celery_beat_periodictask SET enabled = true, interval_id = ("
        "SELECT id FROM django_celery_beat_intervalschedule WHERE every = 60) WHERE task = 'keeping.clean'"
    )
    fleet.change("UPDATE django_celery_beat_periodictask SET enabled = false WHERE task = 'providers.look_for_ollama'")
    fleet.change("DELETE FROM django_celery_beat_periodictask WHERE task = 'engine.sweep'")
    fleet.change(
        "INSERT INTO django_celery_beat_periodictask (name, task, args, kwargs, headers, description, enabled, one_off,"
        " total_run_count, date_changed, interval_id) SELECT name || x, 'x.y', '[]', '{}', '{}', d, true, false, 0, now(),"
        " interval_id FROM django_celery_beat_periodictask, (VALUES ('old', 'Parley''s own; every 7 s unless you change"
        " it'), ('theirs', 'mine')) AS v (x, d) WHERE task = 'keeping.clean'"
    )
    second = fleet.beat()
    wait_until(lambda: "take over generations that nobody writes" in fleet.schedule(), timeout_s=60)
    end(second)

    after = fleet.schedule()
    assert after["clean by the rules of retention"] == ("keeping.clean", 60)
    assert "clean by the rules of retentionold" not in after  # Parley's own, and no longer known
    assert "clean by the rules of retentiontheirs" in after
    with psycopg.connect(fleet.instance.url) as connection:
        row = connection.execute(
            "SELECT enabled FROM django_celery_beat_periodictask WHERE task = 'providers.look_for_ollama'"
        ).fetchone()
    assert row == (False,)
