import pytest

from parley.accounts.access import Member
from parley.accounts.models import Role, Workspace
from parley.core.ids import uuid7
from parley.knowledge.access import collections_for
from parley.knowledge.models import Collection

pytestmark = pytest.mark.django_db


def member_of(workspace: Workspace, role: Role = Role.MEMBER) -> Member:
    return Member(uuid7(), workspace.id, role, email="someone@example.org", name="Someone")


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
def test_the_owner_and_a_team_mate_see_the_collections_of_their_workspace(workspace: Workspace, role: Role) -> None:
    shelf = Collection.objects.create(workspace=workspace, name="Shelf")
    assert list(collections_for(member_of(workspace, role))) == [shelf]


def test_a_stranger_sees_none_of_them(workspace: Workspace) -> None:
    Collection.objects.create(workspace=workspace, name="Shelf")
    stranger = member_of(Workspace.objects.create(name="Neighbours"), Role.OWNER)
    assert not collections_for(stranger).exists()
