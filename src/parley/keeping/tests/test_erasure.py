"""Who is erased leaves no word behind: not in rows, in the index, in the store of files or among archives."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from pytest_django.fixtures import Settings

from parley.accounts.models import Role, User, Workspace
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.search import index_all
from parley.conversations.tests.said import exchange
from parley.core.errors import Conflict, NotFound
from parley.files.actions import store_file
from parley.keeping.archive_queries import readable
from parley.keeping.archives import archive
from parley.keeping.erasure import erase_person
from parley.usage.actions import record_usage
from tests.people import Person, person
from tests.stores import keep_in_folder

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "Quagganb"  # in one form in every index: no stemmer knows an ending of it


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    keep_in_folder(settings, tmp_path)
    return tmp_path


@pytest.fixture
def leaving(workspace: Workspace, owner: Person) -> Person:
    """Somebody who used everything, under a name that would be found."""
    card = make_card(workspace.id)
    make_bot(workspace.id, "Helper", card=card, default_for=card)
    who = person(workspace, Role.MEMBER, CANARY.lower())
    for _ in range(3):
        posted = exchange(who.member, f"{CANARY} says hello", f"Hello {CANARY}")
    store_file(who.member, [CANARY.encode()], name=f"{CANARY}.txt", media_type="text/plain")
    archive(readable().get(id=posted.conversation_id))
    record_usage(
        workspace_id=workspace.id,
        user_id=who.user.id,
        generation_id=None,
        endpoint_id=None,
        model="m",
        input_tokens=1,
        output_tokens=1,
        estimated=False,
    )
    exchange(owner.member, "I stay")
    index_all()
    return who


def words_in_rows() -> list[str]:
    return [
        f"{model._meta.label}: {row}"
        for model in apps.get_models(include_auto_created=True)
        for row in model._base_manager.values()
        if CANARY.lower() in str(row).lower()
    ]


def words_in_the_index() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM conversations_search")
        return sum(CANARY.lower() in str(row).lower() for row in cursor.fetchall())


def test_nothing_of_them_is_left_anywhere(leaving: Person, owner: Person, folder: Path) -> None:
    assert words_in_rows()
    assert words_in_the_index()
    counts = erase_person(leaving.user.email)

    assert (counts["conversations"], counts["files"]) == (3, 1)
    assert words_in_rows() == []
    assert words_in_the_index() == 0
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert leaving.browser.get("/api/v1/me").status_code == 401
    assert len(owner.browser.get("/api/v1/conversations").json()["items"]) == 1


def test_the_last_owner_and_nobody_cannot_be_erased(owner: Person, leaving: Person) -> None:
    with pytest.raises(Conflict):
        erase_person(owner.user.email)
    with pytest.raises(NotFound):
        erase_person("nobody@example.org")
    assert User.objects.filter(id=owner.user.id, is_active=True).exists()
