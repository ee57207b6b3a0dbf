import pytest

from parley.accounts.access import Member
from parley.accounts.models import Role, Workspace
from parley.core.errors import NotFound
from parley.core.ids import uuid7
from parley.knowledge.access import collection_for, collections_for
from parley.knowledge.models import Collection

pytestmark = pytest.mark.django_db


def member_of(workspace: Workspace, role: Role = Role.MEMBER) -> Member:
    return Member(uuid7(), workspace.id, role, email="someone@example.org", name="Someone")


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
def test_the_owner_and_a_team_mate_see_the_collections_of_their_workspace(workspace: Workspace, role: Role) -> None:
    shelf = Collection.objects.create(workspace=workspace, name="Shelf")

    assert collection_for(member_of(workspace, role), shelf.id) == shelf
    assert list(collections_for(member_of(workspace, role))) == [shelf]


def test_a_stranger_sees_not_found(workspace: Workspace) -> None:
    shelf = Collection.objects.create(workspace=workspace, name="Shelf")
    stranger = member_of(Workspace.objects.create(name="Neighbours"), Role.OWNER)

    with pytest.raises(NotFound):
        collection_for(stranger, shelf.id)
    assert not collections_for(stranger).exists()


def test_an_unknown_id_is_not_found(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        collection_for(member_of(workspace), uuid7())
