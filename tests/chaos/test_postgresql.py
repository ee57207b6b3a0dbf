"""F-06 on one process: PostgreSQL dies at once, stays away, and comes back; or a transaction of another holds a row."""

import asyncio
import random
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import browsers
from tests.chaos.conftest import PREFILLED, QUICK, SLOW, standing
from tests.chaos.rest import Rest
from tests.chaos.stack import OnPostgres
from tests.chaos.test_database import read_on, statuses_of_posts
from tests.chaos.transcript import Transcript
from tests.chaos.vendor import Vendor

TABS = 10
AWAY_S = 5.0
BACK_S = 10.0  # the longest that anybody may see of it after its return


@pytest.fixture(scope="module")
def stack(vendor: Vendor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnPostgres]:
    with standing(OnPostgres(tmp_path_factory.mktemp("one"), vendor)) as stack:
        yield stack


async def test_a_postgresql_that_dies_and_comes_back_loses_nothing_and_says_so_in_time(
    stack: OnPostgres, dice: random.Random, seed: int
) -> None:
    transcript, enough = Transcript(), asyncio.Event()
    bots, quick = [stack.bot_of(SLOW), stack.bot_of(PREFILLED)], stack.bot_of(QUICK)
    async with browsers(TABS, stack.door, transcript, dice) as tabs:
        reading = [asyncio.create_task(read_on(tab, bots, enough)) for tab in tabs]
        await asyncio.sleep(1.5)
        stack.postgres.kill()
        heard = await statuses_of_posts(stack, quick, AWAY_S)
        began = time.monotonic()
        await asyncio.to_thread(stack.postgres.start)
        started_s = time.monotonic() - began
        healed = await statuses_of_posts(stack, quick, 5)
        enough.set()
        await asyncio.gather(*reading)
    first = next(n for n, (status, _, _) in enumerate(healed) if status == 201)
    back_s = sum(waited for _, _, waited in healed[: first + 1]) + 0.5 * first
    print(f"posts meanwhile {heard}; up in {started_s:.1f} s, and the first post {back_s:.1f} s after it")
    audit(stack, transcript, seed=seed).check()
    assert {status for status, _, _ in heard} == {503}
    assert max(waited for _, _, waited in heard) <= 3
    assert {status for status, _, _ in healed} <= {201, 503}
    assert started_s + back_s <= BACK_S


async def test_who_waits_for_a_row_that_another_holds_is_told_to_come_back(stack: OnPostgres) -> None:
    asked = stack.call("POST", "/api/v1/conversations", {"bot": stack.bot_of(QUICK)})
    with psycopg.connect(stack.postgres.url) as other:
        other.execute("SELECT 1 FROM conversations_conversation WHERE id = %s FOR UPDATE", [asked["id"]])
        answer = await post_into(stack, asked["id"])
        assert answer[0] == 503
        assert answer[1] <= 3.5
    assert (await post_into(stack, asked["id"]))[0] == 202


async def post_into(stack: OnPostgres, conversation: str) -> tuple[int, float]:
    body = {"key": "01a1fc06-0000-7000-8000-000000000001", "parts": [{"type": "text", "text": "Hello"}]}
    async with Rest(stack.door()) as rest:
        began = time.monotonic()
        answer = await rest.call("POST", f"conversations/{conversation}/messages", body)
    return answer.status, time.monotonic() - began
