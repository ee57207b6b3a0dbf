"""What the engine tells Prometheus of itself."""

import time
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now

from parley.core.errors import Busy
from parley.core.health import health
from parley.core.metrics import dump_numbers, page_of
from parley.engine import admission, ledger
from parley.engine.admission import check_capacity, strain
from parley.engine.meters import press
from parley.engine.models import Generation
from parley.engine.tests.stage import hear, make_bot, running_engine, say
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> dict[str, float]:
    """Each line of the page as Prometheus would read it, without the process."""
    page = page_of({"test": dump_numbers()}).decode()
    numbers = {}
    for line in page.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            numbers[name.replace('process="test"', "").replace(",}", "}").replace("{}", "").replace("{,", "{")] = float(
                value
            )
    return numbers


def growth(before: dict[str, float], name: str) -> float:
    return told().get(name, 0.0) - before.get(name, 0.0)


async def test_an_answer_is_counted_with_its_first_word_its_tokens_and_its_end(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    before = await ledger.read(told)
    async with running_engine() as runner:
        asked = await say(owner.member, "Hello", bot_id=bot)
        await hear(asked.generation_id)
        await runner.ended(asked.generation_id)  # watchers come after the end
        labels = '{endpoint="mock",model="mock-lorem?tokens=8"}'
        grown = {
            name: await ledger.read(growth, before, name)
            for name in (
                'parley_answers_total{code="",outcome="completed"}',
                f"parley_first_token_seconds_count{labels}",
                f"parley_vendor_first_token_seconds_count{labels}",
                'parley_vendor_calls_total{endpoint="mock",outcome="answered"}',
                'parley_tokens_total{direction="out",endpoint="mock",model="mock-lorem?tokens=8"}',
            )
        }

    assert grown.pop('parley_tokens_total{direction="out",endpoint="mock",model="mock-lorem?tokens=8"}') == 8
    assert set(grown.values()) == {1.0}


async def test_each_batch_is_noted_once_and_no_token_is(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=200")
    before = await ledger.read(told)
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot)
        heard = await hear(asked.generation_id)
    commits = await ledger.read(growth, before, "parley_commit_seconds_count")

    assert 1 <= commits <= len(heard.seqs)
    assert await ledger.read(growth, before, "parley_commit_pages_count") == commits
    assert await ledger.read(growth, before, "parley_tape_lag_seconds_count") == commits
    assert await ledger.read(growth, before, "parley_tape_lag_seconds_sum") >= await ledger.read(
        growth, before, "parley_commit_seconds_sum"
    )


async def test_a_failure_is_counted_with_its_code(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-401")
    before = await ledger.read(told)
    async with running_engine() as runner:
        asked = await say(owner.member, "Hello", bot_id=bot)
        await hear(asked.generation_id)
        await runner.ended(asked.generation_id)

    assert await ledger.read(growth, before, 'parley_answers_total{code="endpoint_refused",outcome="failed"}') == 1
    assert (
        await ledger.read(growth, before, 'parley_vendor_calls_total{endpoint="mock",outcome="endpoint_refused"}') == 1
    )


async def test_what_waits_for_a_worker_is_counted_with_its_age(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    asked = await say(owner.member, "Hello", bot_id=bot)  # nobody writes here
    await Generation.objects.filter(id=asked.generation_id).aupdate(lease_until=Now() - timedelta(seconds=29))
    numbers = await ledger.read(told)

    assert numbers["parley_queue_depth"] == 1
    assert 29 <= numbers["parley_queue_age_seconds"] < 60
    assert numbers["parley_database_up"] == 1


def test_refusals_are_counted_by_reason(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strain, "refused", {})
    settings.MAX_STREAMS = 0
    with pytest.raises(Busy):
        check_capacity()
    settings.MAX_STREAMS = 1
    monkeypatch.setattr(strain, "loop_lag_s", admission.LOOP_LAG_LIMIT_S + 1)
    with pytest.raises(Busy):
        check_capacity()

    assert told()['parley_refusals_total{reason="streams"}'] == 1
    assert told()['parley_refusals_total{reason="lag"}'] == 1


async def test_a_loop_that_hangs_is_seen_and_one_that_ended_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_engine():
        monkeypatch.setattr("parley.engine.probes.DEAD_S", -1.0)
        assert [check.name for check in health.signs_of_life() if not check.is_well] == ["loop"]

    assert health.signs_of_life() == []


def test_the_meter_is_cheap() -> None:
    """A batch may carry a hundred answers, and comes up to a hundred times a second."""

    begun = time.perf_counter()
    for _ in range(10_000):
        press.note(commit_s=0.004, pages=100, lag_s=0.02)
    assert (time.perf_counter() - begun) / 10_000 < 50e-6
