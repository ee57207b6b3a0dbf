"""The servers that tests start and kill: they come back with what was promised, and with no more."""

from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers import Moto, Postgres, Redis


def test_postgres_keeps_what_was_committed_when_it_is_killed_and_its_replica_follows(tmp_path: Path) -> None:
    with Postgres(tmp_path / "primary") as primary, primary.replica(tmp_path / "replica") as replica:
        with psycopg.connect(primary.url) as connection:
            connection.execute("CREATE TABLE said (word text)")
            connection.execute("INSERT INTO said VALUES ('hello')")
        primary.restart()
        primary.wait_for(replica)
        for server in (primary, replica):
            with psycopg.connect(server.url) as connection:
                assert connection.execute("SELECT word FROM said").fetchall() == [("hello",)]
        with psycopg.connect(replica.url) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("INSERT INTO said VALUES ('no')")


def test_redis_comes_back_empty(tmp_path: Path) -> None:
    with Redis(tmp_path) as server:
        redis.Redis.from_url(server.url).set("said", "hello")
        server.kill()
        assert not server.is_running
        server.start()
        assert redis.Redis.from_url(server.url).get("said") is None


def test_moto_answers_as_s3(tmp_path: Path) -> None:
    with Moto(tmp_path) as server:
        assert server.is_running
