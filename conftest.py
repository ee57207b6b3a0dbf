"""What all tests share: people, and no way out to the network."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings as hypothesis
from pytest_django.fixtures import Settings

from parley.accounts.member_cache import members
from parley.accounts.models import Role, Workspace
from parley.providers.wire.guard import network_forbidden
from tests.fleet import Fleet
from tests.live import start_vendor
from tests.people import Browser, Person, person
from tests.servers import Moto
from tests.stores import keep_in_bucket, keep_in_folder

# The same cases each time, so that a gate does not hang on luck; `--hypothesis-profile=default` tries others.
hypothesis.register_profile("gate", derandomize=True, deadline=None)
hypothesis.load_profile("gate")

FLEET_MODELS = ("mock-20x0", "mock-120x30")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers come last: Playwright keeps a running loop in this thread to the end, beside which no test can run one."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """PostgreSQL refuses to drop a database that threads are still connected to; its cluster ends with the tests anyway."""
    return connection.vendor == "postgresql"


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    with Moto(tmp_path_factory.mktemp("moto")) as server:
        yield server


@pytest.fixture(params=["folder", "bucket"])
def folder_and_bucket(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice: with files in a folder, and in a bucket."""
    if request.param == "folder":
        keep_in_folder(settings, tmp_path)
    else:
        keep_in_bucket(settings, monkeypatch, request.getfixturevalue("moto"), tmp_path.name)


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Us")


@pytest.fixture
def owner(workspace: Workspace) -> Person:
    return person(workspace, Role.OWNER, "owner")


@pytest.fixture
def admin(workspace: Workspace) -> Person:
    return person(workspace, Role.ADMIN, "admin")


@pytest.fixture
def mate(workspace: Workspace) -> Person:
    """A plain member of the owner's workspace."""
    return person(workspace, Role.MEMBER, "mate")


@pytest.fixture
def stranger(db: None) -> Person:
    """The owner of another workspace."""
    return person(Workspace.objects.create(name="Them"), Role.OWNER, "stranger")


@pytest.fixture
def nobody(db: None) -> None:
    """Not signed in."""


@pytest.fixture
def client_of(db: None) -> Callable[[Person | None], Browser]:
    """A test client that is signed in as the person; `None` gives one that is not."""
    return lambda who: who.browser if who else Browser()


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """The whole topology of many processes, started once, before a mock vendor."""
    vendor = start_vendor(*FLEET_MODELS)
    fleet = Fleet(tmp_path_factory.mktemp("fleet"), vendor)
    try:
        fleet.start()
        fleet.found()
        yield fleet
    finally:
        fleet.end()
        vendor.end()


@pytest.fixture(autouse=True)
def _forget_members() -> Iterator[None]:
    """A test's people vanish with its transaction, which announces nothing."""
    yield
    members.forget_all()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An accidental call to a vendor fails the test that made it, also when the engine took it for a vendor's failure."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address[0]}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    with network_forbidden() as tried:
        yield
        assert tried == []
