"""A blind comparison: nobody is told who is who before the vote, and the vote makes ratings."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from parley.engine.tests.stage import hear, running_engine
from parley.playground.tests.test_runs import RUNS, card, get, post, setup
from parley.providers.models import ModelCard
from parley.training.models import Rating
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)
SMALL, ECHO = "mock-lorem?tokens=3", "mock-echo"


async def compared(who: Person, *, key: str = "") -> Any:
    """A blind run that has ended."""
    async with running_engine():
        models = [await card(who, SMALL), await card(who, ECHO)]
        answer = await post(who, {"key": key or str(uuid4()), "setup": setup(*models), "blind": True})
        assert answer.status_code == 202, answer.content
        for one in answer.json()["answers"]:
            await hear(UUID(one["generation"]["id"]))
        return await get(who, answer.json()["id"])


def vote(who: Person, run: Any, verdict: str) -> Any:
    return who.browser.post(f"{RUNS}/{run['id']}/vote", {"verdict": verdict})


def test_before_the_vote_neither_names_nor_figures_are_told_and_after_it_both_are(owner: Person) -> None:
    run = asyncio.run(compared(owner))
    assert (run["blind"], run["verdict"]) == (True, None)
    assert [(one["model"], one["figures"]) for one in run["answers"]] == [(None, None)] * 2
    assert run["setup"]["models"] == sorted(run["setup"]["models"])
    told = vote(owner, run, "b").json()
    assert told["verdict"] == "b"
    assert {one["model"]["label"] for one in told["answers"]} == {SMALL, ECHO}
    assert [str(one["model"]["id"]) for one in told["answers"]] == told["setup"]["models"]
    assert all(one["figures"] for one in told["answers"])
    loser, winner = (ModelCard.objects.get(id=one["model"]["id"]) for one in told["answers"])
    assert winner.score is not None
    assert loser.score is not None
    assert winner.score > 0.5 > loser.score
    rows = {row["label"]: row for row in owner.browser.get("/api/v1/ratings").json()["models"]}
    assert (rows[str(winner)]["wins"], rows[str(loser)]["losses"]) == (1, 1)


@pytest.mark.parametrize(("verdict", "values"), [("a", [1, -1]), ("tie", [0, 0]), ("neither", [-1, -1])])
def test_each_verdict_rates_both(owner: Person, verdict: str, values: list[int]) -> None:
    run = asyncio.run(compared(owner))
    vote(owner, run, verdict)
    ids = [one["message"] for one in run["answers"]]
    assert [Rating.objects.get(answer_id=id_).value for id_ in ids] == values


def test_one_votes_once_and_on_ones_own_comparisons_only(owner: Person, mate: Person) -> None:
    run = asyncio.run(compared(owner))
    assert vote(mate, run, "a").status_code == 404
    assert vote(owner, run, "a").status_code == 200
    assert vote(owner, run, "b").status_code == 409
    assert Rating.objects.count() == 2


def test_an_ordinary_run_is_not_voted_on_and_a_blind_one_is_between_two(owner: Person) -> None:
    async def play() -> Any:
        async with running_engine():
            run = (await post(owner, {"key": str(uuid4()), "setup": setup(await card(owner, ECHO))})).json()
            await hear(UUID(run["answers"][0]["generation"]["id"]))
            body = {"key": str(uuid4()), "setup": setup(run["answers"][0]["model"]["id"]), "blind": True}
            return run, await post(owner, body)

    run, refused = asyncio.run(play())
    assert run["blind"] is False
    assert vote(owner, run, "a").status_code in (400, 422)
    assert refused.status_code in (400, 422)
    assert "between two models" in refused.json()["detail"]


def test_the_order_is_a_lot_that_the_key_draws(owner: Person) -> None:
    async def play() -> set[str]:
        firsts = set()
        async with running_engine():
            models = [await card(owner, SMALL), await card(owner, ECHO)]
            for _ in range(12):
                body = {"key": str(uuid4()), "setup": setup(*models), "blind": True}
                run, again = (await post(owner, body)).json(), (await post(owner, body)).json()
                assert run["id"] == again["id"]
                for one in run["answers"]:
                    await hear(UUID(one["generation"]["id"]))
                told = await sync_to_async(vote)(owner, run, "tie")
                firsts.add(told.json()["answers"][0]["model"]["label"])
        return firsts

    assert asyncio.run(play()) == {SMALL, ECHO}
