"""Reads from a replica: as fresh as from the primary, whoever wrote, and never an error because the replica is away."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from tests.live import Live
from tests.servers import Postgres, wait_until


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postgres, Postgres]]:
    folder = tmp_path_factory.mktemp("servers")
    with Postgres(folder / "primary") as primary, primary.replica(folder / "replica") as replica:
        yield primary, replica


@pytest.fixture(scope="module")
def parley(servers: tuple[Postgres, Postgres], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    primary, replica = servers
    env = {"PARLEY_DATABASE_URL": primary.url, "PARLEY_REPLICA_URL": replica.url}
    live = Live(tmp_path_factory.mktemp("live"), env=env)
    live.key = live.found()
    live.start()
    yield live
    live.end()


def ask(server: Postgres, sql: str) -> Any:
    with closing(psycopg.connect(server.url, autocommit=True)) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row and row[0]


def scans_of_conversations(server: Postgres) -> int:
    """How often a server has looked conversations up. A backend tells it late, at the latest when it goes."""
    return int(
        ask(server, "SELECT idx_scan + seq_scan FROM pg_stat_user_tables WHERE relname = 'conversations_conversation'")
    )


def write_and_read(parley: Live, title: str) -> bool:
    made = parley.call("POST", "/api/v1/conversations", parley.key, {"title": title})
    listed = parley.call("GET", "/api/v1/conversations", parley.key)["items"]
    opened = parley.call("GET", f"/api/v1/conversations/{made['id']}", parley.key)
    return bool(listed[0]["title"] == opened["title"] == title)


def test_who_has_written_reads_it_at_once_and_the_replica_does_the_work(
    parley: Live, servers: tuple[Postgres, Postgres]
) -> None:
    before = scans_of_conversations(servers[1])

    assert all(write_and_read(parley, f"Number {n}") for n in range(30))
    wait_until(lambda: scans_of_conversations(servers[1]) > before + 10)


def test_a_replica_that_has_stopped_to_follow_is_not_believed(parley: Live, servers: tuple[Postgres, Postgres]) -> None:
    ask(servers[1], "SELECT pg_wal_replay_pause()")
    wait_until(lambda: ask(servers[1], "SELECT pg_get_wal_replay_pause_state()") == "paused")
    try:
        assert all(write_and_read(parley, f"Meanwhile {n}") for n in range(5))
    finally:
        ask(servers[1], "SELECT pg_wal_replay_resume()")


def test_a_replica_that_is_away_is_not_missed(parley: Live, servers: tuple[Postgres, Postgres]) -> None:
    servers[1].kill()

    assert all(write_and_read(parley, f"Alone {n}") for n in range(10))
    servers[1].start()
    assert write_and_read(parley, "Together")
