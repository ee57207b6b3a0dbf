"""What scenarios share: the dice, a vendor, and the stacks under test.

`CHAOS_ROUNDS` says how much of everything (1 in `make test`, 10 in `make chaos`); `CHAOS_SEED` repeats a run's choices.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from tests.chaos.stack import ManyProcesses, OneProcess, Stack
from tests.chaos.vendor import Vendor
from tests.live import start_vendor

Built = TypeVar("Built", bound=OneProcess | ManyProcesses)

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "1"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or random.randrange(1, 2**32)

# Numbered words at a reading pace. The first can go on with its own words after a takeover, the others cannot.
PREFILLED, PLAIN, SLOW, QUICK, ENDLESS = (
    "mock-60x60",
    "mock-61x60",
    "mock-90x30",
    "mock-8x0",
    "mock-40x20-endless",
)
THINKING = "mock-20x30-think:200"
ODD = ("mock-echo", "mock-8x0-noheaders", "mock-8x30-silence:3", "mock-1x0-endless")
MODELS = (PREFILLED, PLAIN, SLOW, QUICK, ENDLESS, THINKING, *ODD)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is `thorough` belongs to `make chaos`; a test of this folder is `chaos` and may take its time."""
    ours = [item for item in items if "tests/chaos/" in str(item.path)]
    for item in ours:
        item.add_marker(pytest.mark.chaos)
        if not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(120 + 60 * ROUNDS))
    if ROUNDS == 1:
        left = [item for item in ours if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """The choices of this test, which are not those of another test. What a failure prints repeats them."""
    name = request.node.nodeid
    print(f"\nrepeat: CHAOS_SEED={SEED} CHAOS_ROUNDS={ROUNDS} make chaos ARGS='{name}'")
    return random.Random(f"{SEED} {name}")


@pytest.fixture
def seed(dice: random.Random) -> int:
    return SEED


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    running = start_vendor(*MODELS)
    yield Vendor(running)
    running.end()


@contextmanager
def standing(stack: Built, *models: str) -> Iterator[Built]:
    """It knows these models, and ends whatever happens."""
    try:
        for model in models or MODELS:
            stack.bot_of(model)
        if PREFILLED in (models or MODELS):
            stack.allow_prefill(PREFILLED)
        yield stack
    finally:
        stack.end()


BOTH = ("SQLite", pytest.param("PostgreSQL", marks=pytest.mark.thorough))
on_both = pytest.mark.parametrize("shared", BOTH, indirect=True)
"""Of a test that leaves `shared` standing: on one process with SQLite, and on the fleet with PostgreSQL, nginx and Redis."""


@pytest.fixture(scope="module")
def shared(request: pytest.FixtureRequest, vendor: Vendor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One Parley for all tests of a file that leave it standing."""
    build: type[ManyProcesses | OneProcess] = (
        ManyProcesses if getattr(request, "param", "SQLite") == "PostgreSQL" else OneProcess
    )
    with standing(build(tmp_path_factory.mktemp("shared"), vendor)) as stack:
        yield stack


@pytest.fixture(scope="module")
def fleet(vendor: Vendor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ManyProcesses]:
    """The whole fleet, for all tests of a file: it mends itself after each."""
    with standing(ManyProcesses(tmp_path_factory.mktemp("fleet"), vendor)) as stack:
        yield stack
