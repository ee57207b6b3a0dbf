"""Budgets through their doors: set, read, taken away; who may; and that they hold."""

from typing import Any
from uuid import uuid4

import pytest

from parley.core.errors import OverBudget
from parley.providers.models import Endpoint, ModelCard
from parley.usage.actions import record_usage
from parley.usage.budgets import check_budget
from tests.people import Person, body_of

BUDGETS, MINE = "/api/v1/budgets", "/api/v1/budgets/mine"


def use(who: Person, tokens: int, endpoint_id: object = None) -> None:
    record_usage(
        workspace_id=who.member.workspace_id,
        user_id=who.user.id,
        generation_id=None,
        endpoint_id=str(endpoint_id or uuid4()),
        model="m",
        input_tokens=tokens,
        output_tokens=0,
        estimated=False,
    )


def put(who: Person, **limits: Any) -> Any:
    answer = who.browser.put(BUDGETS, limits)
    assert answer.status_code == 200, answer.content
    return body_of(answer)["items"]


def test_an_admin_sets_the_workspaces_budget_and_a_persons_and_sees_what_is_used(admin: Person, mate: Person) -> None:
    endpoint = Endpoint.objects.create(workspace_id=admin.member.workspace_id, name="E", wire="mock")
    ModelCard.objects.create(endpoint=endpoint, name="m", input_price=2.0, output_price=4.0)
    use(mate, 500_000, endpoint.id)
    put(admin, tokens_per_month=1_000_000, concurrent=5)
    whole, own = put(admin, user=str(mate.user.id), dollars_per_month=3.5, tokens_per_minute=100)
    assert (whole["user"], whole["tokens_per_month"], whole["concurrent"]) == (None, 1_000_000, 5)
    assert (own["user"], own["email"], own["dollars_per_month"]) == (str(mate.user.id), "mate@example.org", 3.5)
    assert (whole["used_tokens"], own["used_tokens"]) == (500_000, 500_000)
    assert (whole["used_dollars"], own["used_dollars"]) == (1.0, 1.0)
    assert body_of(admin.browser.get(BUDGETS))["items"] == [whole, own]


def test_a_budget_that_is_set_holds_and_one_without_limits_is_gone(admin: Person, mate: Person) -> None:
    put(admin, user=str(mate.user.id), tokens_per_month=10)
    use(mate, 10)
    put(admin, user=str(mate.user.id), tokens_per_month=10)  # forgets what was remembered, as time would
    with pytest.raises(OverBudget, match="Your budget"):
        check_budget(mate.member)
    assert put(admin, user=str(mate.user.id)) == []
    check_budget(mate.member)


def test_everybody_sees_the_budgets_they_have_and_no_others(admin: Person, mate: Person, owner: Person) -> None:
    put(admin, tokens_per_month=100)
    put(admin, user=str(mate.user.id), tokens_per_month=10)
    put(admin, user=str(owner.user.id), tokens_per_month=20)
    mine = body_of(mate.browser.get(MINE))["items"]
    assert [(one["email"], one["tokens_per_month"]) for one in mine] == [(None, 100), ("mate@example.org", 10)]


def test_a_mate_may_neither_read_nor_set_budgets(mate: Person) -> None:
    assert mate.browser.get(BUDGETS).status_code == 403
    assert mate.browser.put(BUDGETS, {"tokens_per_month": 1}).status_code == 403


def test_a_stranger_is_nobody_to_have_a_budget_here_and_sees_none_of_ours(admin: Person, stranger: Person) -> None:
    put(admin, tokens_per_month=100)
    assert admin.browser.put(BUDGETS, {"user": str(stranger.user.id), "tokens_per_month": 1}).status_code == 404
    assert body_of(stranger.browser.get(BUDGETS))["items"] == []


@pytest.mark.parametrize(
    "wrong", [{"tokens_per_month": -1}, {"dollars_per_month": "x"}, {"concurrent": 1e20}, {"a": 1}]
)
def test_a_limit_that_is_none_is_refused_and_changes_nothing(admin: Person, wrong: dict[str, Any]) -> None:
    before = put(admin, tokens_per_month=100)
    assert admin.browser.put(BUDGETS, wrong).status_code == 422
    assert body_of(admin.browser.get(BUDGETS))["items"] == before
