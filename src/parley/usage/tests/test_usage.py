from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from parley.accounts.models import User
from parley.core.errors import Invalid, OverBudget, TooMany
from parley.providers.models import Endpoint, ModelCard
from parley.usage.actions import lift_budget, record_usage, set_budget
from parley.usage.budgets import check_budget, forget_allowances
from parley.usage.models import Budget, UsageRecord
from parley.usage.months import month_start, next_month
from tests.people import Person


def use(who: Person, tokens: int, *, model: str = "small") -> None:
    record_usage(
        workspace_id=who.member.workspace_id,
        user_id=who.user.id,
        generation_id=uuid4(),
        endpoint_id=str(uuid4()),
        model=model,
        input_tokens=tokens // 2,
        output_tokens=tokens - tokens // 2,
        estimated=False,
    )
    forget_allowances()


def allow(workspace_id: UUID, user_id: UUID | None, tokens: int) -> None:
    set_budget(workspace_id, user_id, tokens)
    forget_allowances()


def test_usage_is_recorded_in_one_statement(owner: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        use(owner, 11)
    record = UsageRecord.objects.get()
    assert (record.input_tokens, record.output_tokens, record.purpose) == (5, 6, "answer")


def test_without_a_budget_everything_is_allowed_and_costs_no_query(
    owner: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    use(owner, 10**9)
    check_budget(owner.member)
    with django_assert_num_queries(0):
        check_budget(owner.member)


def test_a_users_budget_stops_that_user_alone(owner: Person, mate: Person) -> None:
    allow(owner.member.workspace_id, owner.user.id, 100)
    use(owner, 99)
    check_budget(owner.member)
    use(owner, 1)
    with pytest.raises(OverBudget, match="Your budget of 100 tokens a month"):
        check_budget(owner.member)
    check_budget(mate.member)


def test_a_workspaces_budget_counts_all_its_members_and_nobody_else(
    owner: Person, mate: Person, stranger: Person
) -> None:
    allow(owner.member.workspace_id, None, 100)
    use(stranger, 1000)
    use(owner, 60)
    check_budget(mate.member)
    use(mate, 40)
    for member in (owner.member, mate.member):
        with pytest.raises(OverBudget, match="This workspace's"):
            check_budget(member)
    check_budget(stranger.member)


def test_a_budget_with_usage_costs_no_query_when_warm(
    owner: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    allow(owner.member.workspace_id, None, 100)
    use(owner, 1)
    with django_assert_num_queries(2):
        check_budget(owner.member)
    with django_assert_num_queries(0):
        check_budget(owner.member)


def test_last_months_tokens_do_not_count(owner: Person) -> None:
    allow(owner.member.workspace_id, None, 100)
    use(owner, 100)
    UsageRecord.objects.update(created_at=month_start(timezone.now()) - timedelta(seconds=1))
    forget_allowances()
    check_budget(owner.member)


def test_a_changed_budget_is_felt_at_once(
    owner: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    use(owner, 100)
    check_budget(owner.member)
    with django_capture_on_commit_callbacks(execute=True):
        set_budget(owner.member.workspace_id, None, 50)
    with pytest.raises(OverBudget):
        check_budget(owner.member)
    with django_capture_on_commit_callbacks(execute=True):
        set_budget(owner.member.workspace_id, None, 500)
    check_budget(owner.member)
    assert Budget.objects.count() == 1
    lift_budget(owner.member.workspace_id, None)
    assert not Budget.objects.exists()


def test_a_budget_below_zero_is_refused(owner: Person) -> None:
    with pytest.raises(Invalid):
        set_budget(owner.member.workspace_id, None, -1)


def test_the_month_after_december_is_january() -> None:
    assert next_month(datetime(2026, 12, 31, 23, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert next_month(datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_budget_is_set_and_lifted_in_djangos_admin(owner: Person) -> None:
    staff = User.objects.create_superuser("root@example.org")
    client = Client()
    client.force_login(staff)
    form = {"workspace": str(owner.member.workspace_id), "user": str(owner.user.id), "tokens_per_month": "100"}
    assert client.post("/admin/usage/budget/add/", form).status_code == 302
    budget = Budget.objects.get()
    assert client.post(f"/admin/usage/budget/{budget.id}/change/", {"tokens_per_month": "200"}).status_code == 302
    assert Budget.objects.get().tokens_per_month == 200
    assert client.post(f"/admin/usage/budget/{budget.id}/delete/", {"post": "yes"}).status_code == 302
    assert not Budget.objects.exists()


def test_a_budget_may_be_of_dollars_by_the_prices_on_the_cards(owner: Person, mate: Person) -> None:
    endpoint = Endpoint.objects.create(workspace_id=owner.member.workspace_id, name="E", wire="mock")
    ModelCard.objects.create(endpoint=endpoint, name="dear", input_price=1000.0, output_price=3000.0)
    set_budget(owner.member.workspace_id, owner.user.id, dollars_per_month=1.0)
    for _ in range(2):
        check_budget(owner.member)
        record_usage(
            workspace_id=owner.member.workspace_id,
            user_id=owner.user.id,
            generation_id=None,
            endpoint_id=endpoint.id,
            model="dear",
            input_tokens=100,
            output_tokens=200,
            estimated=False,
        )
        forget_allowances()
    with pytest.raises(OverBudget, match=r"Your budget of \$1.00 a month"):
        check_budget(owner.member)
    check_budget(mate.member)


def test_a_budget_may_be_of_a_minute_and_passes_with_it(owner: Person, mate: Person) -> None:
    set_budget(owner.member.workspace_id, None, tokens_per_minute=100)
    use(mate, 99)
    check_budget(owner.member)
    use(mate, 1)
    with pytest.raises(TooMany, match="This workspace's 100 tokens of this minute"):
        check_budget(owner.member)
    UsageRecord.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    forget_allowances()
    check_budget(owner.member)


def test_a_budget_may_be_of_answers_at_once(owner: Person, mate: Person) -> None:
    set_budget(owner.member.workspace_id, owner.user.id, concurrent=2)
    forget_allowances()
    check_budget(owner.member, running=lambda user_id: 1)
    with pytest.raises(TooMany, match="2 answers are being written"):
        check_budget(owner.member, running=lambda user_id: 2)
    check_budget(mate.member, running=lambda user_id: 2)


@pytest.mark.parametrize("limit", ["dollars_per_month", "tokens_per_minute", "concurrent"])
def test_no_budget_is_below_nothing(owner: Person, limit: str) -> None:
    with pytest.raises(Invalid):
        set_budget(owner.member.workspace_id, None, **{limit: -1})
