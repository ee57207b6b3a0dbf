"""Traces of a turn, sent to a real OTLP/HTTP collector."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.conversations.parts import TextPart
from parley.core.ids import uuid7
from parley.core.traces import begin_traces, end_traces
from parley.engine import ledger
from parley.engine.models import Generation
from parley.engine.recovery import sweep
from parley.engine.start import ask
from parley.engine.tests.stage import generation, hear, make_bot, running_engine, say
from parley.providers.meters import outgoing_trace
from tests.otlp import Collector, Told
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

BROWSER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CANARY = "canary-words-of-a-person"


@pytest.fixture
def collector() -> Iterator[Collector]:
    receiving = Collector()
    begin_traces(receiving.address, one_in=1, part="all", process="test")
    yield receiving
    end_traces()
    receiving.end()


def by_name(spans: list[Told]) -> dict[str, Told]:
    return {span.name: span for span in spans}


async def test_a_question_is_traced_from_the_browser_to_the_vendor(owner: Person, collector: Collector) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    async with running_engine() as runner:
        asked = await ledger.write(ask, owner.member, [TextPart(text=CANARY)], key=uuid7(), bot_id=bot, trace=BROWSER)
        await hear(asked.generation_id)
        await runner.ended(asked.generation_id)
    end_traces()
    spans = by_name(collector.trace_with("ask", "reply", "commit"))

    assert {span.trace for span in spans.values()} == {BROWSER.split("-")[1]}
    assert spans["ask"].parent == BROWSER.split("-")[2]
    assert spans["reply"].parent == spans["ask"].id
    assert {spans[name].parent for name in ("queue wait", "assemble", "vendor call", "commit")} == {spans["reply"].id}
    assert spans["vendor call"].events == ("first token",)
    assert spans["vendor call"].attributes["parley.outcome"] == "answered"
    assert spans["commit"].attributes["parley.outcome"] == "completed"
    assert spans["reply"].attributes["parley.generation"] == str(asked.generation_id)
    assert all(CANARY.encode() not in body for body in collector.bodies)


async def test_a_failed_call_has_its_code_and_no_words(owner: Person, collector: Collector) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-401")
    async with running_engine() as runner:
        asked = await say(owner.member, "Hello", bot_id=bot)
        await hear(asked.generation_id)
        await runner.ended(asked.generation_id)
    end_traces()
    spans = by_name(collector.trace_with("ask", "vendor call", "commit"))

    assert spans["vendor call"].status == "endpoint_refused"
    assert spans["commit"].attributes == {"parley.outcome": "failed", "parley.error": "endpoint_refused"}


async def test_a_takeover_goes_on_with_the_trace_of_the_question(owner: Person, collector: Collector) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    asked = await say(owner.member, "Hello", bot_id=bot)
    await Generation.objects.filter(id=asked.generation_id).aupdate(
        status="running", owner="dead", fence=1, attempt=1, lease_until="2026-01-01T00:00:00Z"
    )
    async with running_engine() as runner:
        await ledger.write(sweep)
        await hear(asked.generation_id)
        await runner.ended(asked.generation_id)
    end_traces()
    spans = by_name(collector.trace_with("ask", "takeover", "reply"))

    assert spans["takeover"].parent == spans["reply"].parent == spans["ask"].id
    assert spans["reply"].attributes["parley.attempt"] == 2
    assert "queue wait" not in spans


async def test_without_traces_nothing_is_stored_and_nothing_is_sent(owner: Person) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    async with running_engine():
        asked = await ledger.write(ask, owner.member, [TextPart(text="Hi")], key=uuid7(), bot_id=bot, trace=BROWSER)
        await hear(asked.generation_id)

    assert (await generation(asked.generation_id)).trace == ""


@pytest.mark.parametrize("broken", ["nonsense", "00-0-0-01", "ff" + BROWSER[2:], "x" * 100])
async def test_what_is_no_traceparent_begins_a_trace_of_its_own(
    owner: Person, collector: Collector, broken: str
) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    asked = await ledger.write(ask, owner.member, [TextPart(text="Hi")], key=uuid7(), bot_id=bot, trace=broken)
    end_traces()

    assert by_name(collector.trace_with("ask"))["ask"].parent == ""
    assert len((await generation(asked.generation_id)).trace) == 55


async def test_a_browser_cannot_have_itself_traced(owner: Person) -> None:
    """The share that is kept is ours to choose: `01` in a traceparent is a wish."""
    receiving = Collector()
    begin_traces(receiving.address, one_in=10**9, part="all", process="test")
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    await ledger.write(ask, owner.member, [TextPart(text="Hi")], key=uuid7(), bot_id=bot, trace=BROWSER)
    end_traces()
    receiving.end()

    assert receiving.spans == []


async def test_no_reader_of_an_answer_inherits_the_trace_of_its_call(owner: Person, collector: Collector) -> None:
    bot = await ledger.write(make_bot, owner.member, "mock-lorem?tokens=8")
    async with running_engine():
        asked = await say(owner.member, "Hello", bot_id=bot)
        await hear(asked.generation_id)

    assert outgoing_trace.get() == ""


def test_the_sdk_is_imported_only_where_traces_are_on(tmp_path: Path) -> None:
    program = (
        "import sys, parley.asgi\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))])"
    )
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DJANGO_"))}
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**ours, "PYTHONPATH": ":".join(sys.path), "PARLEY_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "[]"
