"""Installations that are dear to make: shared by the tests of this room, which leave them as they are."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from parley.keeping.tests.instance import Instance, empty_database
from tests.servers import Postgres

_numbers = count()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Instance]:
    """An installation with nothing in it yet, on `sqlite` or `postgresql`."""

    def make(database: str) -> Instance:
        folder = tmp_path_factory.mktemp("instance") / "data"
        if database == "sqlite":
            return Instance(folder)
        return Instance(folder, empty_database(request.getfixturevalue("cluster"), f"parley{next(_numbers)}"))

    return make


@pytest.fixture(scope="session")
def seeded(fresh: Callable[[str], Instance]) -> Callable[[str], Instance]:
    """One with rows in every table; read it, and leave it as it is."""
    made: dict[str, Instance] = {}

    def get(database: str) -> Instance:
        if database not in made:
            made[database] = fresh(database).found()
        return made[database]

    return get


@pytest.fixture(scope="session")
def backed_up(
    seeded: Callable[[str], Instance], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Instance, Path]]:
    """A seeded one, and a backup of it that holds its secret."""
    made: dict[str, tuple[Instance, Path]] = {}

    def get(database: str) -> tuple[Instance, Path]:
        if database not in made:
            path = tmp_path_factory.mktemp("backup") / "backup.tar.gz"
            seeded(database).must("backup", str(path), "--with-secret")
            made[database] = (seeded(database), path)
        return made[database]

    return get
