"""Conversations from elsewhere: what was found is told before, what was not understood after, and twice is as good as once."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.models import Message
from parley.conversations.tests.said import exchange
from parley.core.ids import made_at_s
from parley.files.store import names_below, read
from parley.keeping import imports, long_work
from parley.keeping.models import Import
from parley.keeping.tests.foreign import (
    PIXEL,
    T0,
    branched,
    bring,
    chatgpt,
    conversations,
    items,
    message,
    node,
    open_webui,
    start,
    state,
    tree,
    upload,
    zipped,
)
from tests.people import Person, body_of
from tests.stores import keep_in_folder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keep_in_folder(settings, tmp_path)
    monkeypatch.setattr(imports, "PAUSE_S", 0)
    return tmp_path


@pytest.fixture(autouse=True)
def bot(workspace: Workspace) -> Bot:
    card = make_card(workspace.id)
    return make_bot(workspace.id, "Helper", card=card, default_for=card)


def test_a_preview_tells_what_was_found_and_stores_nothing(owner: Person) -> None:
    found = upload(owner, [branched(), chatgpt(node("x", None, "user", "Hi", 9), id_="conv-2", title="Short")])
    assert (found["status"], found["source"], found["total"]) == ("found", "chatgpt", 2)
    first, second = items(owner, found)
    assert (first["title"], first["messages"], first["is_known"]) == ("Saffron", 5, False)
    assert first["said_at"].startswith("2023-11-14T22:13:25")
    assert second["notes"] == [{"code": "unanswered", "detail": "", "count": 1}]
    assert conversations(owner) == []


def test_branches_come_as_siblings_with_their_times_and_the_shown_leaf(owner: Person) -> None:
    done = bring(owner, [branched()])
    assert (done["status"], done["outcomes"], done["done"]) == ("ready", {"added": 1}, 1)
    (conversation,) = conversations(owner)
    assert sorted(tree(conversation)) == [
        ("assistant", "A root.", "What is turmeric?"),
        ("assistant", "A spice.", "What is saffron?"),
        ("assistant", "A yellow root.", "What is turmeric?"),
        ("user", "What is saffron?", None),
        ("user", "What is turmeric?", None),
    ]
    shown = next(one for one in conversation["messages"] if one["id"] == conversation["leaf"])
    assert shown["parts"][0]["text"] == "A yellow root."
    assert shown["created_at"].startswith("2023-11-14T22:13:25")
    assert conversation["created_at"].startswith("2023-11-14T22:13:20")
    assert conversation["updated_at"].startswith("2023-11-14T22:21:40")


def test_ids_are_of_the_time_of_the_message_and_grow_along_each_branch(owner: Person) -> None:
    bring(owner, [branched()])
    for said in Message.objects.select_related("parent", "conversation"):
        assert made_at_s(said.id) == pytest.approx(said.created_at.timestamp(), abs=1)
        assert said.id > said.conversation_id
        assert said.parent is None or said.id > said.parent.id


@pytest.mark.skipif("sqlite" in str(connection.settings_dict["ENGINE"]), reason="SQLite has one table")
def test_messages_lie_in_the_months_in_which_they_were_written(owner: Person) -> None:
    bring(owner, [branched()])
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM conversations_message")
        assert cursor.fetchall() == [("conversations_message_2023_11",)]


def test_importing_twice_makes_no_doubles(owner: Person) -> None:
    bring(owner, [branched()])
    before = conversations(owner)
    again = upload(owner, [branched()])
    assert items(owner, again)[0]["is_known"] is True
    done = start(owner, again)
    assert done["outcomes"] == {}, "what is known is not chosen"
    assert conversations(owner) == before


def test_a_later_export_adds_only_what_is_new(owner: Person) -> None:
    bring(owner, [branched()])
    longer = branched()
    longer["mapping"]["q3"] = node("q3", "a3", "user", "And ginger?", 60)
    longer["mapping"]["a4"] = node("a4", "q3", "assistant", "A root, too.", 61)
    longer["mapping"]["a3"]["children"] = ["q3"]
    longer["mapping"]["q3"]["children"] = ["a4"]
    done = bring(owner, [longer])
    assert done["outcomes"] == {"completed": 1}
    assert items(owner, done)[0]["added"] == 2
    (conversation,) = conversations(owner)
    assert ("assistant", "A root, too.", "And ginger?") in tree(conversation)
    assert len(conversation["messages"]) == 7


def test_two_people_may_import_the_same_file(owner: Person, mate: Person) -> None:
    bring(owner, [branched()])
    bring(mate, [branched()])
    assert len(conversations(owner)) == len(conversations(mate)) == 1
    assert conversations(owner)[0]["id"] != conversations(mate)[0]["id"]


def test_only_what_was_chosen_is_stored(owner: Person) -> None:
    found = upload(owner, [branched(), branched(id_="conv-2", title="Turmeric")])
    done = start(owner, found, without=[0])
    assert done["outcomes"] == {"left_out": 1, "added": 1}
    assert [one["title"] for one in conversations(owner)] == ["Turmeric"]


def test_the_search_finds_what_was_imported(owner: Person) -> None:
    bring(owner, [branched()])
    hits = body_of(owner.browser.get("/api/v1/search?q=turmeric"))["items"]
    assert [hit["conversation"]["title"] for hit in hits] == ["Saffron"]


def test_what_the_model_and_its_tools_say_in_between_is_one_answer(owner: Person) -> None:
    output = {"content_type": "execution_output", "text": "42"}
    quiet = {"content_type": "reasoning_recap", "content": "Thought for 5 seconds"}
    thought = {"content_type": "thoughts", "thoughts": [{"summary": "Plan", "content": "Multiply."}]}
    call = {"content_type": "code", "language": "python", "text": "6 * 7"}
    bring(
        owner,
        [
            chatgpt(
                node("q", None, "user", "Six times seven?", 1),
                node("t", "q", "assistant", thought, 2),
                node("c", "t", "assistant", call, 3, recipient="python"),
                node("o", "c", "tool", output, 4, name="python"),
                node("r", "o", "assistant", quiet, 5),
                node("a", "r", "assistant", "It is \ue200cite\ue202turn0\ue20142.", 6),
            )
        ],
    )
    (conversation,) = conversations(owner)
    question, answer = conversation["messages"]
    assert answer["parent"] == question["id"]
    assert [part["type"] for part in answer["parts"]] == ["reasoning", "tool_call", "tool_result", "text"]
    assert answer["parts"][1]["arguments"] == "6 * 7"
    assert answer["parts"][2]["id"] == answer["parts"][1]["id"]
    assert answer["parts"][3]["text"] == "It is 42."


def test_an_answer_that_branches_in_its_middle_is_two_answers(owner: Person) -> None:
    call = {"content_type": "code", "text": "search('x')"}
    bring(
        owner,
        [
            chatgpt(
                node("q", None, "user", "Look it up", 1),
                node("c", "q", "assistant", call, 2, recipient="web"),
                node("a", "c", "assistant", "Found.", 3),
                node("b", "c", "assistant", "Nothing.", 4),
            )
        ],
    )
    (conversation,) = conversations(owner)
    assert tree(conversation) == [
        ("user", "Look it up", None),
        ("assistant", "Found.", "Look it up"),
        ("assistant", "Nothing.", "Look it up"),
    ]


def test_pictures_come_out_of_the_archive_and_what_is_missing_is_told(owner: Person) -> None:
    def asset(id_: str) -> dict[str, object]:
        return {"content_type": "image_asset_pointer", "asset_pointer": f"sediment://{id_}"}

    pictured = {"content_type": "multimodal_text", "parts": ["Look:", asset("file_00ab12"), asset("file_missing")]}
    strange = {"content_type": "hologram", "text": "shown in the air"}
    attached = [{"name": "plan.pdf", "mime_type": "application/pdf"}]
    raw = json.dumps(
        [
            chatgpt(
                node("q", None, "user", pictured, 1, attachments=attached),
                node("a", "q", "assistant", strange, 2),
            )
        ]
    )
    done = bring(owner, zipped({"conversations.json": raw, "user-1/file_00ab12-photo.png": PIXEL}), name="e.zip")
    (conversation,) = conversations(owner)
    url = conversation["messages"][0]["parts"][1]["url"]
    assert url == "data:image/png;base64," + base64.b64encode(PIXEL).decode()
    assert {(note["code"], note["detail"], note["count"]) for note in items(owner, done)[0]["notes"]} == {
        ("images_left_out", "", 1),
        ("files_left_out", "plan.pdf", 1),
        ("unknown_content", "hologram", 1),
    }


def test_a_question_without_an_answer_can_be_asked_again(owner: Person) -> None:
    bring(owner, [chatgpt(node("q", None, "user", "Anybody there?", 1))])
    (conversation,) = conversations(owner)
    answer = next(one for one in conversation["messages"] if one["id"] == conversation["leaf"])
    assert (answer["role"], answer["status"], answer["parts"]) == ("assistant", "interrupted", [])


def test_half_characters_and_nuls_are_taken_out(owner: Person) -> None:
    bring(owner, json.dumps([chatgpt(node("q", None, "user", "a\ud83db\0c", 1), title="x\0y")]).encode())
    (conversation,) = conversations(owner)
    assert conversation["messages"][0]["parts"][0]["text"] == "abc"
    assert conversation["title"] == "xy"


def test_a_chat_of_open_webui_comes_with_its_tree_thoughts_tools_and_sources(owner: Person) -> None:
    answer = (
        '<details type="reasoning" done="true" duration="3"><summary>Thought for 3 seconds</summary>\n> Cabbage &amp; salt.'
        '\n</details>\n<details type="tool_calls" done="true" id="c1" name="search" arguments="{&quot;q&quot;: 1}" '
        'result="found"><summary>Tool</summary></details>\nFermented cabbage [1].'
    )
    sources = [{"source": {"name": "Cookbook"}, "document": ["Page one.", "Page two."], "metadata": []}]
    files = [{"type": "image", "url": "data:image/png;base64,aGk="}, {"type": "file", "name": "list.txt"}]
    done = bring(
        owner,
        [
            open_webui(
                message("q", None, "user", "What is kimchi?", 1, files=files),
                message("a", "q", "assistant", answer, 2, sources=sources, model="llama3"),
                message("b", "q", "assistant", "A dish.", 3, model="qwen"),
                leaf="a",
                pinned=True,
                meta={"tags": ["food"]},
            )
        ],
    )
    assert done["source"] == "open_webui"
    (conversation,) = conversations(owner)
    assert (conversation["pinned"], conversation["tags"]) == (True, ["food"])
    question, first, second = conversation["messages"]
    assert first["parent"] == second["parent"] == question["id"]
    assert conversation["leaf"] == first["id"]
    assert question["parts"][1] == {"type": "image", "url": "data:image/png;base64,aGk="}
    kinds = [part["type"] for part in first["parts"]]
    assert kinds == ["reasoning", "tool_call", "tool_result", "text", "citation"]
    assert first["parts"][0]["text"] == "Cabbage & salt."
    assert first["parts"][1]["arguments"] == '{"q": 1}'
    assert first["parts"][4]["text"] == "Page one.\n\nPage two."
    assert items(owner, done)[0]["notes"] == [{"code": "files_left_out", "detail": "list.txt", "count": 1}]


def test_ones_own_archive_comes_back_under_its_old_ids(owner: Person) -> None:
    said = exchange(owner.member, "What is saffron?", "A spice.")
    owner.browser.post(f"/api/v1/conversations/{said.conversation_id}/archive")
    (name,) = names_below("archives")
    raw = _stored(name)
    before = conversations(owner)
    owner.browser.delete(f"/api/v1/conversations/{said.conversation_id}")
    assert bring(owner, raw)["outcomes"] == {"added": 1}
    assert conversations(owner) == before


def _stored(name: str) -> bytes:
    return b"".join(read(name))


def test_anothers_archive_becomes_ones_own_and_takes_nothing_from_them(owner: Person, mate: Person) -> None:
    said = exchange(owner.member, "What is saffron?", "A spice.")
    owner.browser.post(f"/api/v1/conversations/{said.conversation_id}/archive")
    (name,) = names_below("archives")
    bring(mate, _stored(name))
    (theirs,), (mine,) = conversations(owner), conversations(mate)
    assert theirs["id"] == str(said.conversation_id) != mine["id"]
    assert tree(mine) == tree(theirs)
    assert {said.user_id for said in Message.objects.filter(conversation_id=mine["id"])} == {mate.user.id, None}


def test_a_forged_archive_of_ones_own_cannot_name_rows_of_others(owner: Person, mate: Person) -> None:
    said = exchange(owner.member, "Secret", "Yes.")
    theirs = exchange(mate.member, "Mine", "Indeed.")
    mate.browser.post(f"/api/v1/conversations/{theirs.conversation_id}/archive")
    (name,) = names_below("archives")
    forged = json.loads(_stored(name))
    forged["conversation"]["id"] = str(said.conversation_id)
    bring(mate, json.dumps(forged).encode())
    assert tree(conversations(owner)[0]) == [("user", "Secret", None), ("assistant", "Yes.", "Secret")]
    assert str(said.conversation_id) not in {one["id"] for one in conversations(mate)}


def test_the_export_of_one_conversation_can_be_brought_in(owner: Person, mate: Person) -> None:
    said = exchange(owner.member, "What is saffron?", "A spice.")
    raw = owner.browser.get(f"/api/v1/conversations/{said.conversation_id}").content
    assert bring(mate, raw)["source"] == "parley"
    assert tree(conversations(mate)[0]) == tree(conversations(owner)[0])


BAD: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"hello", "neither a ZIP archive nor a JSON file"),
    "cut off": (json.dumps([branched()]).encode()[:-20], "ends in the middle"),
    "UTF-16": (json.dumps([branched()]).encode("utf-16"), "UTF-16"),
    "Latin-1": (b'[{"mapping": {}, "title": "caf\xe9"}]', "not written in UTF-8"),
    "10,000 levels": (b"[" * 10_000 + b"]" * 10_000, "nests deeper"),
    "10,000 levels of objects": (b'[{"mapping": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001 + b"]", "nests deeper"),
    "closing too much": (b"[]]", "closes more brackets"),
    "a broken archive": (b"PK\x03\x04" + b"x" * 200, "broken"),
    "an archive of other things": (zipped({"photo.png": PIXEL}), "no conversations in this archive"),
    "conversations of nobody": (b'[{"a": 1}, 2, null]', "no conversation in this file that Parley understands"),
    "nothing": (b"  \n ", "is empty"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_fails_with_a_reason_and_stores_nothing(owner: Person, kind: str) -> None:
    raw, reason = BAD[kind]
    failed = upload(owner, raw)
    assert failed["status"] == "failed"
    assert reason in failed["error"]
    assert not Message.objects.exists()


def test_one_conversation_that_is_not_understood_keeps_no_other_out(owner: Person) -> None:
    found = upload(owner, [{"mapping": {}, "title": "Hollow"}, branched(), {"strange": True}])
    assert (found["total"], found["choosable"]) == (3, 1)
    done = start(owner, found)
    noted = body_of(owner.browser.get(f"/api/v1/imports/{done['id']}/items?noted=true"))["items"]
    assert [item["place"] for item in noted] == [0, 2]
    assert done["outcomes"] == {"failed": 2, "added": 1}
    hollow, _, strange = items(owner, done)
    assert (hollow["title"], hollow["notes"][0]["code"]) == ("Hollow", "unreadable")
    assert strange["notes"] == [{"code": "unreadable", "detail": "its form is not known here", "count": 1}]


def test_a_ring_of_messages_ends(owner: Person) -> None:
    ring = branched()
    ring["mapping"]["x"] = node("x", "y", "user", "round", 7)
    ring["mapping"]["y"] = node("y", "x", "user", "and round", 8)
    done = bring(owner, [ring])
    assert {"code": "unreachable", "detail": "", "count": 2} in items(owner, done)[0]["notes"]


def test_an_archive_that_unpacks_to_too_much_is_refused(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.keeping.import_file.MOST_UNPACKED_BYTES", 1_000_000)
    bomb = zipped({"conversations.json": b"[" + b" " * 50_000_000 + b"]"})
    assert len(bomb) < 100_000
    assert "unpacks to more than" in upload(owner, bomb, name="b.zip")["error"]


def test_a_conversation_that_is_too_large_is_refused(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.keeping.import_file.MOST_CONVERSATION_BYTES", 1_000_000)
    failed = upload(owner, [branched(title="x" * 2_000_000)])
    assert "larger than 1,000,000 bytes" in failed["error"]


def test_names_in_an_archive_never_become_paths(owner: Person, folder: Path) -> None:
    raw = json.dumps([branched()])
    bring(owner, zipped({"conversations.json": raw, "files/1/../../../../evil.txt": b"x", "files/1/ok.txt": b"y"}))
    assert [path.name for path in folder.rglob("evil*")] == []
    assert [file["name"] for file in body_of(owner.browser.get("/api/v1/files"))["items"]] == ["ok.txt"]


def test_a_file_that_is_too_large_is_not_taken(owner: Person, settings: Settings) -> None:
    settings.IMPORT_LIMIT_BYTES = 1024
    answer = owner.browser.generic("POST", "/api/v1/imports?name=a", b"x" * 2000, content_type="application/zip")
    assert answer.status_code == 413
    assert list(names_below("imports")) == []


def test_a_worker_that_died_is_followed_by_one_that_goes_on(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    found = upload(owner, [branched(id_=f"conv-{n}") for n in range(3)])
    owner.browser.post(f"/api/v1/imports/{found['id']}/start", {})
    stored = imports._store_one
    calls = []

    def dies(*arguments: object) -> UUID | None:
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return stored(*arguments)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(imports, "_store_one", dies)
    with pytest.raises(SystemExit):
        imports.work_on(UUID(found["id"]))
    assert len(conversations(owner)) == 1
    imports.work_on(UUID(found["id"]))  # somebody may still hold it
    assert state(owner, found["id"])["status"] == "working"
    Import.objects.update(lease_until=datetime.fromtimestamp(T0, UTC))
    assert long_work.ring_again() == 1
    imports.work_on(UUID(found["id"]))
    assert state(owner, found["id"])["outcomes"] == {"added": 3}
    assert len(calls) == 4, "the first was not stored again"


def test_the_file_goes_when_all_is_stored_and_with_its_import(owner: Person) -> None:
    found = upload(owner, [branched()])
    assert len(list(names_below("imports"))) == 1
    start(owner, found)
    assert list(names_below("imports")) == []
    other = upload(owner, [branched(id_="conv-2")])
    assert owner.browser.delete(f"/api/v1/imports/{other['id']}").status_code == 204
    assert list(names_below("imports")) == []
    assert len(conversations(owner)) == 1, "what was stored stays"


def test_imports_are_their_persons_own(owner: Person, mate: Person, stranger: Person) -> None:
    found = upload(owner, [branched()])
    for other in (mate, stranger):
        for method, rest in (("GET", ""), ("GET", "/items"), ("DELETE", "")):
            answer = other.browser.generic(method, f"/api/v1/imports/{found['id']}{rest}")
            assert answer.status_code == 404
        assert other.browser.post(f"/api/v1/imports/{found['id']}/start", {}).status_code == 404
        assert body_of(other.browser.get("/api/v1/imports"))["items"] == []


def test_a_choice_is_made_once(owner: Person) -> None:
    done = bring(owner, [branched()])
    answer = owner.browser.post(f"/api/v1/imports/{done['id']}/start", {})
    assert answer.status_code == 409


def test_five_hundred_conversations_take_a_bounded_time(owner: Person) -> None:
    many = [branched(id_=f"conv-{n}", title=f"Number {n}") for n in range(500)]
    done = bring(owner, many)
    assert done["outcomes"] == {"added": 500}
    assert body_of(owner.browser.get("/api/v1/conversations?limit=100"))["next"]
