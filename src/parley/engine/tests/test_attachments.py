"""Files in messages: whose they are, what is refused, what models read, and when they go."""

import zlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from parley.accounts.models import Workspace
from parley.bots.models import Bot, BotVersion
from parley.bots.personas import persona_for
from parley.bots.tests.made import make_bot, make_card
from parley.conversations import actions
from parley.conversations.forks import fork_conversation
from parley.conversations.models import Attachment, Message
from parley.conversations.parts import FilePart, Part, TextPart
from parley.conversations.receipts import Posted
from parley.conversations.tests.said import end
from parley.core.errors import Invalid, NotFound, TooLarge
from parley.engine.assemble import assemble
from parley.engine.values import Turn
from parley.files.models import File
from parley.files.store import names_below, remove, words_name
from parley.providers.models import ModelCard
from parley.providers.routes import forget_models
from parley.providers.values import Image, Text
from tests.people import Person
from tests.stores import keep_in_folder

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
def bot(workspace: Workspace) -> Bot:
    """The default bot of the owner's workspace, warm in the cache of personas."""
    card = make_card(workspace.id)
    made = make_bot(workspace.id, "Helper", card=card, default_for=card)
    persona_for(made.id)
    return made


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    keep_in_folder(settings, tmp_path)


def upload(who: Person, content: bytes, *, name: str = "notes.txt", media_type: str = "", key: str = "") -> Any:
    path = f"/api/v1/files?name={name}" + (f"&key={key}" if key else "")
    answer = who.browser.generic("POST", path, content, content_type=media_type or "application/octet-stream")
    assert answer.status_code == 201, answer.content
    return answer.json()


def attached(file: Any) -> FilePart:
    return FilePart(file=UUID(file["id"]))


def post(who: Person, *parts: Part) -> Posted:
    with transaction.atomic():
        posted = actions.post_message(who.member, parts, key=uuid4())
    end(posted.answer_id)
    return posted


def read_by_model(posted: Posted, *, vision: bool = True) -> list[Text | Image]:
    ModelCard.objects.update(vision=vision)
    forget_models()
    message = Message.objects.select_related("conversation").get(id=posted.message_id)
    version = BotVersion.objects.get(id=posted.bot_version_id)
    turn = Turn(
        generation_id=uuid4(),
        fence=1,
        attempt=1,
        conversation_id=message.conversation_id,
        parent_id=message.id,
        answer_id=posted.answer_id,
        bot_version_id=version.id,
        user_id=message.conversation.owner_id,
        workspace_id=message.conversation.workspace_id,
        is_first=True,
    )
    return [part for said in assemble(turn).request.messages if said.role == "user" for part in said.content]


def pdf(text: str) -> bytes:
    """One page that shows `text`, as small as a PDF may be."""
    stream = zlib.compress(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def test_a_message_tells_of_its_files_what_they_are_and_not_what_was_claimed(owner: Person, bot: Bot) -> None:
    file = upload(owner, PNG, name="cat.png", media_type="text/html")
    posted = post(owner, TextPart(text="Look"), attached(file).model_copy(update={"name": "dog", "size_bytes": 1}))
    _, part = Message.objects.get(id=posted.message_id).parts
    assert part == FilePart(
        file=UUID(file["id"]), name="cat.png", media_type="image/png", size_bytes=len(PNG), kind="image"
    )


def test_a_model_that_sees_gets_the_picture_and_another_is_told_of_it(owner: Person, bot: Bot) -> None:
    posted = post(owner, attached(upload(owner, PNG, name="cat.png")))
    assert read_by_model(posted) == [Image("data:image/png;base64,iVBORw0KGgpwaWN0dXJl")]
    (said,) = read_by_model(posted, vision=False)
    assert isinstance(said, Text)


def test_a_model_reads_the_words_of_text_and_pdf(owner: Person, bot: Bot) -> None:
    text = upload(owner, "Grüße aus dem Süden".encode(), name="notes.md")
    report = upload(owner, pdf("Revenue grew in March"), name="report.pdf")
    assert (text["kind"], report["kind"], report["problem"]) == ("text", "pdf", "")
    posted = post(owner, attached(text), attached(report), TextPart(text="Sum it up"))
    notes, pages, question = read_by_model(posted)
    assert isinstance(notes, Text)
    assert isinstance(pages, Text)
    assert "Grüße aus dem Süden" in notes.text
    assert "notes.md" in notes.text
    assert "Revenue grew in March" in pages.text
    assert question == Text("Sum it up")


def test_words_that_a_backup_did_not_hold_are_read_again(owner: Person, bot: Bot) -> None:
    file = upload(owner, pdf("Revenue grew"), name="report.pdf")
    posted = post(owner, attached(file))
    remove(words_name(UUID(file["id"])))
    (pages,) = read_by_model(posted)
    assert isinstance(pages, Text)
    assert "Revenue grew" in pages.text
    assert list(names_below("words")) == [words_name(UUID(file["id"]))]


def test_a_file_longer_than_half_of_the_window_is_cut_and_says_so(owner: Person, bot: Bot) -> None:
    posted = post(owner, attached(upload(owner, b"word " * 200_000)))
    ModelCard.objects.update(context_window=1000)
    (said,) = read_by_model(posted)
    assert isinstance(said, Text)
    assert len(said.text) < 2000
    assert "cut here" in said.text


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"PK\x03\x04\x00\x00", "No model can read"), (b"%PDF-1.4 and then nothing", "cannot be read")],
)
def test_what_no_model_can_read_is_refused_with_the_remedy(owner: Person, bot: Bot, content: bytes, why: str) -> None:
    file = upload(owner, content, name="thing.bin")
    with pytest.raises(Invalid, match=why):
        post(owner, attached(file))
    assert Message.objects.count() == 0


def test_a_pdf_without_words_says_so_when_it_comes(owner: Person) -> None:
    assert "no words" in upload(owner, pdf(""), name="scan.pdf")["problem"]


def test_an_image_that_vendors_would_refuse_is_refused_at_once(owner: Person, bot: Bot) -> None:
    file = upload(owner, PNG + bytes(5 * 1024 * 1024))
    with pytest.raises(TooLarge, match="Make it smaller"):
        post(owner, attached(file))


def test_nobody_attaches_a_file_of_somebody_else(owner: Person, mate: Person, stranger: Person, bot: Bot) -> None:
    file = upload(owner, b"private")
    for who in (mate, stranger):
        with pytest.raises(NotFound):
            post(who, attached(file))


def test_a_message_that_names_a_file_of_somebody_else_reads_nothing_of_it(
    owner: Person, mate: Person, bot: Bot
) -> None:
    """As one may that was restored from an archive which somebody has written by hand."""
    posted = post(owner, TextPart(text="What stands in it?"))
    Message.objects.filter(id=posted.message_id).update(parts=[attached(upload(mate, b"private"))])
    (said,) = read_by_model(posted)
    assert isinstance(said, Text)
    assert "private" not in said.text


def test_a_retry_is_the_same_post_even_when_the_file_has_gone_since(owner: Person, bot: Bot) -> None:
    file, key = upload(owner, b"notes"), uuid4()
    first = actions.post_message(owner.member, [attached(file)], key=key)
    File.objects.get().delete()
    again = actions.post_message(owner.member, [attached(file)], key=key)
    assert (again.message_id, again.fresh) == (first.message_id, False)
    (said,) = read_by_model(first)
    assert isinstance(said, Text)
    assert "deleted since" in said.text


def test_the_same_upload_twice_is_one_file(owner: Person, mate: Person) -> None:
    key = str(uuid4())
    first = upload(owner, b"notes", key=key)
    assert upload(owner, b"notes", key=key) == first
    assert upload(mate, b"notes", key=key)["id"] != first["id"]  # a key is its maker's own
    assert File.objects.count() == 2


def test_files_go_with_the_last_conversation_that_names_them(owner: Person, bot: Bot) -> None:
    file, kept = upload(owner, pdf("Revenue"), name="report.pdf"), upload(owner, b"never attached")
    posted = post(owner, attached(file))
    fork = fork_conversation(owner.member, posted.conversation_id, posted.message_id)
    actions.delete_conversation(owner.member, posted.conversation_id)
    assert owner.browser.get(f"/api/v1/files/{file['id']}").status_code == 200
    actions.delete_conversation(owner.member, fork.id)
    assert owner.browser.get(f"/api/v1/files/{file['id']}").status_code == 404
    assert [str(row.id) for row in File.objects.all()] == [kept["id"]]
    assert Attachment.objects.count() == 0


def test_an_edit_may_keep_the_files_of_the_first_wording(owner: Person, bot: Bot) -> None:
    file = upload(owner, b"notes")
    posted = post(owner, TextPart(text="Sum it up"), attached(file))
    edited = actions.edit_message(
        owner.member, posted.message_id, [TextPart(text="Translate it"), attached(file)], key=uuid4()
    )
    assert [part.type for part in Message.objects.get(id=edited.message_id).parts] == ["text", "file"]
    assert Attachment.objects.count() == 1


def test_files_cost_a_post_two_statements_and_others_none(
    owner: Person, bot: Bot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    parts = [attached(upload(owner, b"one")), attached(upload(owner, b"two"))]
    post(owner, TextPart(text="warm"))
    with transaction.atomic(), django_assert_num_queries(3 + 2):
        actions.post_message(owner.member, parts, key=uuid4())


def test_a_message_without_words_is_called_after_its_files(owner: Person, bot: Bot) -> None:
    posted = post(owner, attached(upload(owner, b"x", name="plan.txt")))
    assert Message.objects.select_related("conversation").get(id=posted.message_id).conversation.title == "plan.txt"
