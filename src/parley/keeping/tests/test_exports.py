"""All that is a person's, as one archive: whole, theirs alone, without secrets, and for some days."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.tests.said import exchange
from parley.files.actions import store_file
from parley.files.store import names_below
from parley.keeping import exports, imports
from parley.keeping.erasure import erase_person
from parley.keeping.models import Export
from parley.keeping.retention import clean
from parley.keeping.tests.foreign import bring, conversations, tree
from parley.knowledge.models import Collection
from parley.providers.models import ModelCard
from tests.people import Person, body_of
from tests.stores import keep_in_folder

pytestmark = pytest.mark.django_db(transaction=True)
EXPORTS = "/api/v1/exports"
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keep_in_folder(settings, tmp_path)
    monkeypatch.setattr(imports, "PAUSE_S", 0)
    return tmp_path


@pytest.fixture(autouse=True)
def bot(workspace: Workspace) -> Bot:
    card = make_card(workspace.id)
    return make_bot(workspace.id, "Helper", card=card, default_for=card)


def ask(who: Person) -> dict[str, Any]:
    """Asked for and made, as the worker would."""
    asked = who.browser.post(EXPORTS)
    assert asked.status_code == 201, asked.content
    exports.write_export(UUID(asked.json()["id"]))
    return body_of(who.browser.get(EXPORTS))["items"][0]  # type: ignore[no-any-return] # JSON


def download(who: Person, id_: str) -> bytes:
    answer: Any = who.browser.get(f"{EXPORTS}/{id_}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/zip"

    async def read() -> bytes:
        return b"".join([chunk async for chunk in answer.streaming_content])

    raw = asyncio.run(read())
    assert len(raw) == int(answer["Content-Length"])
    return raw


def upload(who: Person, content: bytes, name: str) -> None:
    answer = who.browser.generic("POST", f"/api/v1/files?name={name}", content, content_type="image/png")
    assert answer.status_code == 201


def test_the_archive_holds_conversations_files_bots_and_profile(owner: Person, mate: Person, bot: Bot) -> None:
    card = ModelCard.objects.get(default_bot=bot)
    said = exchange(owner.member, "What is saffron?", "A spice.")
    exchange(mate.member, "Not theirs", "No.")
    upload(owner, b"\x89PNG picture", "photo.png")
    upload(mate, b"secret", "secret.txt")
    made = owner.browser.post("/api/v1/bots", {"name": "Cook", "system_prompt": "You cook.", "model": str(card.id)})
    assert made.status_code == 201, made.content
    owner.browser.post("/api/v1/keys", {"name": "script"})
    ready = ask(owner)
    assert (ready["status"], ready["done"], ready["total"]) == ("ready", 2, 2)
    raw = download(owner, ready["id"])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        conversation = json.loads(archive.read(f"conversations/{said.conversation_id}.json"))
        (photo,) = [name for name in names if name.startswith("files/")]
        assert archive.read(photo) == b"\x89PNG picture"
        assert photo.endswith("/photo.png")
        assert json.loads(archive.read("parley.json"))["format"] == "parley.account"
        assert json.loads(archive.read("profile.json"))["email"] == owner.user.email
        assert [bot["system_prompt"] for bot in json.loads(archive.read("bots.json"))] == ["You cook."]
    assert conversation["format"] == "parley.conversation"
    assert len([name for name in names if name.startswith("conversations/")]) == 1
    assert b"secret" not in raw


def test_an_archive_comes_back_into_an_empty_account_with_its_files(owner: Person, mate: Person) -> None:
    exchange(owner.member, "What is saffron?", "A spice.")
    upload(owner, b"\x89PNG picture", "photo.png")
    raw = download(owner, ask(owner)["id"])
    for _ in range(2):
        done = bring(mate, raw, name="parley.zip")
        assert done["source"] == "parley"
    assert tree(conversations(mate)[0]) == tree(conversations(owner)[0])
    (file,) = body_of(mate.browser.get("/api/v1/files"))["items"]
    assert (file["name"], file["media_type"]) == ("photo.png", "image/png")


def test_only_its_person_sees_and_downloads_an_archive(owner: Person, mate: Person, stranger: Person) -> None:
    ready = ask(owner)
    for other in (mate, stranger):
        assert other.browser.get(f"{EXPORTS}/{ready['id']}").status_code == 404
        assert other.browser.delete(f"{EXPORTS}/{ready['id']}").status_code == 404
        assert body_of(other.browser.get(EXPORTS))["items"] == []


def test_one_is_made_at_a_time_and_an_unready_one_is_not_downloaded(owner: Person) -> None:
    asked = owner.browser.post(EXPORTS).json()
    assert owner.browser.post(EXPORTS).status_code == 409
    assert owner.browser.get(f"{EXPORTS}/{asked['id']}").status_code == 409


def test_archives_expire_with_their_bytes(owner: Person) -> None:
    ready = ask(owner)
    assert ready["expires_at"] > ready["created_at"]
    assert len(list(names_below("exports"))) == 1
    Export.objects.update(ended_at=timezone.now() - exports.KEPT - timedelta(minutes=1))
    assert clean().counts["exports"] == 1
    assert list(names_below("exports")) == []
    assert owner.browser.get(f"{EXPORTS}/{ready['id']}").status_code == 404


def test_lost_bytes_are_an_honest_answer(owner: Person, folder: Path) -> None:
    ready = ask(owner)
    for path in folder.rglob("*.zip"):
        path.unlink()
    answer = owner.browser.get(f"{EXPORTS}/{ready['id']}")
    assert answer.status_code == 404
    assert "Make another one" in body_of(answer)["detail"]


def test_who_is_erased_leaves_no_archive(owner: Person, mate: Person) -> None:
    ask(mate)
    erase_person(mate.user.email)
    assert list(names_below("exports")) == []


def test_work_that_broke_off_too_often_is_given_up_with_a_reason(owner: Person) -> None:
    asked = owner.browser.post(EXPORTS).json()
    Export.objects.update(attempt=3)
    exports.write_export(UUID(asked["id"]))
    (failed,) = body_of(owner.browser.get(EXPORTS))["items"]
    assert failed["status"] == "failed"
    assert "Try again" in failed["error"]


def bots_of(who: Person) -> list[tuple[str, int, str]]:
    lines = [bot for bot in body_of(who.browser.get("/api/v1/bots"))["items"] if not bot["is_default"]]
    return [(bot["name"], bot["version"], bot["audience"]) for bot in lines]


def made_bot(who: Person, model: ModelCard, **fields: Any) -> str:
    made = who.browser.post(
        "/api/v1/bots", {"name": "Cook", "system_prompt": "You cook.", "model": str(model.id), **fields}
    )
    assert made.status_code == 201, made.content
    return str(body_of(made)["id"])


def test_bots_come_along_with_their_versions_for_their_importer_alone_and_once(
    owner: Person, mate: Person, bot: Bot
) -> None:
    exchange(owner.member, "What is saffron?", "A spice.")
    cook = made_bot(owner, ModelCard.objects.get(default_bot=bot), starters=["Hungry?"], description="Cooks")
    edited = owner.browser.patch(f"/api/v1/bots/{cook}", {"version": 1, "greeting": "Bon appetit"})
    assert edited.status_code == 200
    raw = download(owner, ask(owner)["id"])
    reports = [bring(mate, raw, name="parley.zip")["bots"] for _ in range(2)]
    assert reports == [1, 0]
    assert [one for one in bots_of(mate) if one[2] == "maker"] == [("Cook", 2, "maker")]
    theirs = Bot.objects.get(made_by_id=mate.user.id)
    newest = theirs.versions.get(number=2)
    assert (newest.greeting, newest.starters, newest.description) == ("Bon appetit", ["Hungry?"], "Cooks")
    assert ("Cook", 2, "maker") not in bots_of(owner)


def test_a_bot_comes_along_with_its_picture_and_the_collections_that_have_its_names_here(
    owner: Person, mate: Person, bot: Bot, workspace: Workspace
) -> None:
    exchange(owner.member, "What is saffron?", "A spice.")
    spices, elsewhere = (
        Collection.objects.create(workspace_id=workspace.id, name=name) for name in ("Spices", "Only there")
    )
    face = store_file(owner.member, [PIXEL], name="face.gif", media_type="image/gif")
    card = ModelCard.objects.get(default_bot=bot)
    made_bot(owner, card, picture=str(face.id), collections=[str(spices.id), str(elsewhere.id)])
    raw = download(owner, ask(owner)["id"])
    elsewhere.delete()
    assert bring(mate, raw, name="parley.zip")["bots"] == 1
    version = Bot.objects.get(made_by_id=mate.user.id).versions.get()
    assert version.picture
    assert (version.picture.owner_id, version.picture.digest) == (mate.user.id, face.digest)
    assert list(version.collections.all()) == [spices]


def test_a_bot_that_was_archived_comes_out_of_the_archive_of_its_account_again(owner: Person, bot: Bot) -> None:
    exchange(owner.member, "What is saffron?", "A spice.")
    cook = made_bot(owner, ModelCard.objects.get(default_bot=bot))
    raw = download(owner, ask(owner)["id"])
    assert owner.browser.delete(f"/api/v1/bots/{cook}").status_code == 204
    assert bots_of(owner) == []
    assert bring(owner, raw, name="parley.zip")["bots"] == 1
    assert bots_of(owner) == [("Cook", 1, "everyone")]
    assert Bot.objects.filter(made_by_id=owner.user.id).count() == 1


def test_a_forged_list_of_bots_brings_nothing_back_that_is_not_theirs(owner: Person, mate: Person, bot: Bot) -> None:
    exchange(mate.member, "Mine", "Yes.")
    cook = made_bot(owner, ModelCard.objects.get(default_bot=bot))
    assert owner.browser.delete(f"/api/v1/bots/{cook}").status_code == 204
    forged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(download(mate, ask(mate)["id"]))) as whole, zipfile.ZipFile(forged, "w") as archive:
        for name in whole.namelist():
            if name != "bots.json":
                archive.writestr(name, whole.read(name))
        archive.writestr("bots.json", json.dumps([{"bot": cook, "name": ""}, {"bot": 7, "parameters": "x"}, 3]))
    assert bring(mate, forged.getvalue(), name="parley.zip")["bots"] == 0
    assert Bot.objects.get(id=cook).archived_at is not None
