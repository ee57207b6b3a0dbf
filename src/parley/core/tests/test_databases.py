from pathlib import Path

import pytest

from parley.core.databases import postgresql, sqlite
from parley.core.env import BadSetting


def of(url: str) -> dict[str, object]:
    return dict(postgresql(url, variable="PARLEY_DATABASE_URL", most_connections=7))


def test_an_address_is_read_as_libpq_reads_it() -> None:
    database = of("postgresql://me:p%40ss@db.example.org:5433/par%20ley?sslmode=require")

    assert (database["USER"], database["PASSWORD"]) == ("me", "p@ss")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", "5433", "par ley")
    assert database["OPTIONS"]["sslmode"] == "require"  # type: ignore[index]


@pytest.mark.parametrize(
    ("hosts", "host", "port"),
    [
        ("db", "db", ""),
        ("[::1]:5432", "::1", "5432"),
        ("[::1]", "::1", ""),
        ("a:1,b:2", "a,b", "1,2"),
        ("a,b", "a,b", ""),
    ],
)
def test_a_host_may_have_no_port_or_be_one_of_several(hosts: str, host: str, port: str) -> None:
    database = of(f"postgres://me@{hosts}/parley")

    assert (database["HOST"], database["PORT"]) == (host, port)


@pytest.mark.parametrize("url", ["mysql://me@db/parley", "postgresql://me@db", "postgresql:///parley", "parley"])
def test_anything_else_is_refused_by_its_name(url: str) -> None:
    with pytest.raises(BadSetting, match="PARLEY_DATABASE_URL"):
        of(url)


def test_who_waits_for_postgresql_hears_within_three_seconds() -> None:
    options = of("postgresql://me@db/parley")["OPTIONS"]
    assert isinstance(options, dict)

    assert options["pool"]["timeout"] <= 3
    assert options["connect_timeout"] <= 3
    assert "lock_timeout=2000" in options["options"]


def test_sqlite_takes_its_lock_at_once(tmp_path: Path) -> None:
    assert sqlite(tmp_path / "a", test_path=tmp_path / "b")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
