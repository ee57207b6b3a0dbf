"""Who came in some time ago, and would not come in now."""

from collections.abc import Callable

import pytest
from django.conf import settings

from parley.accounts.access import digest_of, member_for_user
from parley.accounts.actions import change_role, create_key, revoke_key, switch_user
from parley.accounts.member_cache import members
from parley.accounts.models import ApiKey, Membership, Role
from parley.accounts.standing import Held, lost_standing
from tests.people import Person

pytestmark = pytest.mark.django_db


def by_session(person: Person) -> Held:
    return person.member, f"session:{person.browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_who_has_not_changed_still_stands(owner: Person, mate: Person) -> None:
    key = create_key(mate.member, name="k")
    assert lost_standing([by_session(owner), by_session(mate), (mate.member, f"key:{digest_of(key.plain)}")]) == [
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda mate: mate.browser.logout(),
        lambda mate: switch_user(mate.user.id, active=False),
        lambda mate: change_role(Membership.objects.get(user_id=mate.user.id).id, Role.GUEST),
    ],
    ids=["signed out", "switched off", "another role"],
)
def test_who_has_changed_does_not(owner: Person, mate: Person, change: Callable[[Person], None]) -> None:
    held = [by_session(owner), by_session(mate)]
    change(mate)
    assert lost_standing(held) == [False, True]


def test_a_revoked_key_opens_nothing_while_others_do(mate: Person) -> None:
    keys = [create_key(mate.member, name=name) for name in ("one", "two")]
    held = [(mate.member, f"key:{digest_of(key.plain)}") for key in keys]
    revoke_key(mate.member, ApiKey.objects.get(name="one").id)
    assert lost_standing(held) == [True, False]


def test_a_key_is_no_session(mate: Person) -> None:
    member, proof = by_session(mate)
    assert lost_standing([(member, proof.replace("session:", "key:"))]) == [True]


def test_a_crowd_costs_three_statements(
    owner: Person, mate: Person, django_assert_num_queries: Callable[[int], object]
) -> None:
    held = [by_session(owner), by_session(mate)] * 200
    members.forget_all()
    assert member_for_user(mate.user.id)
    with django_assert_num_queries(3):  # type: ignore[attr-defined] # a context manager of pytest-django
        lost_standing(held)
