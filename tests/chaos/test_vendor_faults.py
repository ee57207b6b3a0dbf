"""F-08 to F-11: whatever a vendor does, a reply ends as what it is, keeps what it had, and is counted."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import browsers
from tests.chaos.conftest import BOTH, ROUNDS, standing
from tests.chaos.faultproxy import Mode
from tests.chaos.stack import OneProcess, OnPostgres, Stack
from tests.chaos.transcript import Transcript
from tests.chaos.vendor import Vendor
from tests.live import start_vendor


@dataclass(frozen=True)
class Case:
    """A model's name, and what must come of it: the last event, the least words that are kept, calls, seconds."""

    model: str
    end: str = "failed"
    code: str = ""
    least_words: int = 0
    calls: int = 1
    within_s: float = 15.0


BEFORE_THE_FIRST_WORD = [
    Case("mock-8x0-flaky:2", "finished", least_words=8, calls=3),
    Case("mock-8x0-500", code="endpoint_broken", calls=4),
    Case("mock-8x0-529", code="endpoint_overloaded", calls=4),
    Case("mock-8x0-429:60", code="endpoint_overloaded"),  # longer than anybody is to wait for
    Case("mock-8x0-401", code="endpoint_refused"),
    Case("mock-8x0-redirect", code="endpoint_"),
    Case("mock-8x0-reset:0", code="endpoint_", calls=4),
    Case("mock-8x0-html", code="endpoint_broken"),
    Case("mock-8x0-json", code="endpoint_broken"),
    Case("mock-8x0-gzip", code="endpoint_broken"),
]
AMID_THE_WORDS = [
    Case("mock-20x100-cut:7", code="endpoint_broken", least_words=7),
    Case("mock-20x100-reset:7", code="endpoint_broken", least_words=7),
    Case("mock-20x100-end:7", code="endpoint_broken", least_words=7),
    Case("mock-20x100-errorevent:7", code="endpoint_", least_words=7),
    Case("mock-20x100-length", "finished", least_words=20),
    Case("mock-20x100-filter", "finished", least_words=20),
]
GARBAGE = [
    Case("mock-20x100-garbage:7", "finished", least_words=20),
    Case(
        "mock-20x100-halfjson:7", "finished", least_words=7
    ),  # a bad line is passed over, and [DONE] is the vendor's word
    Case("mock-20x100-utf8", "finished", least_words=20),
    Case("mock-20x100-messy", "finished", least_words=20),
    Case("mock-20x0-badusage", "finished", least_words=20),
    Case("mock-8x0-giant:50", code="endpoint_broken", least_words=1),
]
WITHOUT_END = [
    Case("mock-1x0-endless", "finished", least_words=10_000, within_s=90),
    Case("mock-4x30-drip:5", "finished", least_words=4, within_s=60),
    Case("mock-8x0-reasoning:40000", "finished", within_s=60),
]
CASES = [*BEFORE_THE_FIRST_WORD, *AMID_THE_WORDS, *GARBAGE, *WITHOUT_END]


@pytest.fixture(scope="module")
def evil() -> Iterator[Vendor]:
    running = start_vendor(*(case.model for case in CASES), "mock-echo")
    yield Vendor(running)
    running.end()


@pytest.fixture
def besieged(request: pytest.FixtureRequest, evil: Vendor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One process, also on PostgreSQL: of two workers each would have a breaker of its own, and nobody knows whose turn it is."""
    build: type[OneProcess] = OnPostgres if request.param == "PostgreSQL" else OneProcess
    with standing(build(tmp_path_factory.mktemp("besieged"), evil), *(case.model for case in CASES)) as stack:
        yield stack


on_both_besieged = pytest.mark.parametrize("besieged", BOTH, indirect=True)


@on_both_besieged
@pytest.mark.thorough
async def test_every_fault_of_a_vendor_ends_as_what_it_is(besieged: Stack, dice: random.Random, seed: int) -> None:
    """F-08, F-09, F-10, F-11, one after another: side by side they would open the breaker of each other's endpoint."""
    transcript, wrong = Transcript(), []
    async with browsers(1, besieged.door, transcript, dice) as (tab,):
        for case in dice.sample(CASES, len(CASES)):
            await tab.ask("The breaker closes {key}", bot=besieged.bot_of("mock-echo"))
            post, fold = await tab.ask("{key}", bot=besieged.bot_of(case.model), within_s=case.within_s)
            assert fold.end
            calls = sum(post.key in bill.question for bill in besieged.vendor.bills())
            words = fold.text.count(" w")
            as_promised = (
                fold.end["type"] == case.end
                and (not case.code or fold.end["code"].startswith(case.code))
                and words >= case.least_words
                and calls == case.calls
            )
            if not as_promised:
                wrong.append((case, fold.end, words, calls))
        assert besieged.vendor.counters()["redirects_followed"] == 0
        assert not wrong, "\n".join(map(str, wrong))
        await asyncio.sleep(1)
    audit(besieged, transcript, seed=seed).check()


@on_both_besieged
async def test_a_vendor_that_comes_and_goes_is_never_taken_for_one_that_finished(
    besieged: Stack, dice: random.Random, seed: int
) -> None:
    """F-08, F-09: the connection to it breaks at any byte, while many read."""
    transcript, bot = Transcript(), besieged.bot_of("mock-20x100-length")

    async def break_connections() -> None:
        """Seldom enough that the breaker, which opens after five failures in a row, stays closed for most."""
        while True:
            await asyncio.sleep(dice.uniform(0.05, 0.3))
            if dice.random() < 0.5:
                besieged.back.cut(lambda: dice.random() < 0.15)
            else:
                mode: Mode = dice.choice(["delay", "slow"])
                besieged.back.behave(mode, {"delay": 0.05, "slow": 30_000}[mode])
                await asyncio.sleep(dice.uniform(0.05, 0.3))
                besieged.back.behave("pass")

    async with browsers(10, besieged.door, transcript, dice) as tabs:
        breaking = asyncio.create_task(break_connections())
        for _ in range(3 * ROUNDS):
            await asyncio.gather(*(tab.ask("Go on, {key}", bot=bot, within_s=90) for tab in tabs))
        breaking.cancel()
    found = audit(besieged, transcript, seed=seed)
    found.check()
    ends = {fold.end["type"] for fold in transcript.folds.values() if fold.end}
    assert "finished" in ends <= {"finished", "failed"}
    if ROUNDS > 1:  # in a single round chance may spare them all
        assert "failed" in ends
    for (_, generation), fold in transcript.folds.items():
        if fold.end and fold.end["type"] == "finished":
            assert fold.text.count(" w") == 20, f"{generation} is finished with half its words"
