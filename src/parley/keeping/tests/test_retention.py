"""What is older than its rule goes, counted; what is younger stays; and the daily report outlives what it was made of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django.fixtures import Settings

from parley.accounts.models import Workspace
from parley.bots.models import Bot
from parley.bots.tests.made import make_bot, make_card
from parley.conversations.models import Conversation, Message, Receipt
from parley.conversations.tests.said import exchange
from parley.engine.models import Event, Generation
from parley.files.actions import store_file
from parley.files.models import File
from parley.files.store import names_below
from parley.keeping.archive_queries import readable
from parley.keeping.archives import archive, restore_own_archive
from parley.keeping.models import Archive, CleaningRun
from parley.keeping.retention import HOURLY, clean
from parley.keeping.usage_report import report_usage
from parley.usage.actions import record_usage
from parley.usage.models import UsageDay, UsageRecord
from tests.people import Person, body_of
from tests.stores import keep_in_folder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    keep_in_folder(settings, tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def bot(workspace: Workspace) -> Bot:
    card = make_card(workspace.id)
    return make_bot(workspace.id, "Helper", card=card, default_for=card)


def old_conversation(who: Person, *, days: int) -> Conversation:
    posted = exchange(who.member, f"Said {days} days ago", "Yes.")
    Conversation.objects.filter(id=posted.conversation_id).update(updated_at=timezone.now() - timedelta(days=days))
    return readable().get(id=posted.conversation_id)


def count(who: Person, *, input_tokens: int, days: int = 0, generation: Generation | None = None) -> None:
    record_usage(
        workspace_id=who.member.workspace_id,
        user_id=who.member.user_id,
        generation_id=generation.id if generation else None,
        endpoint_id=None,
        model="m",
        input_tokens=input_tokens,
        output_tokens=1,
        estimated=False,
    )
    newest = UsageRecord.objects.order_by("-id")[0].id
    UsageRecord.objects.filter(id=newest).update(created_at=timezone.now() - timedelta(days=days))


def test_by_default_nothing_that_people_said_ever_goes(owner: Person) -> None:
    old_conversation(owner, days=4000)
    assert clean().counts["conversations"] == 0
    assert Conversation.objects.count() == 1


def test_conversations_that_rest_too_long_go_and_are_counted(owner: Person, settings: Settings) -> None:
    settings.CONVERSATIONS_KEPT_DAYS = 30
    gone, stays, written = (old_conversation(owner, days=days) for days in (31, 29, 100))
    Message.objects.filter(conversation=written, role="assistant").update(status="writing")
    archive(gone)

    run = clean()

    assert run.counts["conversations"] == 1
    assert set(Conversation.objects.values_list("id", flat=True)) == {stays.id, written.id}
    assert CleaningRun.objects.get().counts == run.counts
    assert list(names_below("archives")) == []  # archives are off: gone is gone


def test_with_archives_on_what_retention_takes_can_be_brought_back_for_a_while(
    owner: Person, settings: Settings
) -> None:
    settings.CONVERSATIONS_KEPT_DAYS, settings.ARCHIVES, settings.ARCHIVES_KEPT_DAYS = 30, True, 365
    gone = old_conversation(owner, days=31)
    assert clean().counts["conversations"] == 1

    (line,) = body_of(owner.browser.get("/api/v1/archives"))["items"]
    assert line["conversation_is_gone"]
    assert restore_own_archive(owner.member, gone.id).added == 2
    assert not Archive.objects.get().conversation_gone_at
    Conversation.objects.filter(id=gone.id).update(updated_at=timezone.now())

    assert clean().counts["archives"] == 0
    Conversation.objects.filter(id=gone.id).update(updated_at=timezone.now() - timedelta(days=31))
    clean()
    Archive.objects.update(conversation_gone_at=timezone.now() - timedelta(days=366))
    assert clean().counts["archives"] == 1
    assert list(names_below("archives")) == []


def test_an_archive_whose_conversation_vanished_in_a_crash_is_swept_up(owner: Person) -> None:
    lost = old_conversation(owner, days=1)
    archive(lost)
    Conversation.objects.filter(id=lost.id).delete()
    assert clean().counts["archives"] == 1


def test_files_receipts_sessions_and_usage_go_by_their_own_rules(owner: Person, settings: Settings) -> None:
    settings.FILES_KEPT_DAYS = 10
    for days in (11, 9):
        file = store_file(owner.member, [b"x"], name="x", media_type="a/b")
        File.objects.filter(id=file.id).update(created_at=timezone.now() - timedelta(days=days))
    exchange(owner.member)
    Receipt.objects.update(created_at=timezone.now() - timedelta(days=91))
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    for days in (401, 399, 0):
        count(owner, input_tokens=1, days=days)

    counts = clean().counts

    assert {name: counts[name] for name in ("files", "receipts", "usage")} == {"files": 1, "receipts": 1, "usage": 1}
    assert counts["links and sessions"] >= 1
    assert len(list(names_below("uploads"))) == 1


def test_the_ledger_of_this_month_stays_however_short_the_rule(owner: Person, settings: Settings) -> None:
    settings.USAGE_KEPT_DAYS = 1
    now = timezone.now()
    for days in range(now.day):
        count(owner, input_tokens=1, days=days)
    assert clean().counts["usage"] == 0


def test_a_rule_that_fails_stops_none_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> int:
        raise OSError("the store does not answer")

    run = clean({"broken": broken, "other": lambda: 3})
    assert run.counts == {"broken": 0, "other": 3}
    assert "the rule for broken failed" in caplog.text


def test_every_rule_may_run_twice(owner: Person) -> None:
    clean()
    assert set(clean().counts.values()) == {0}
    assert "conversations" in HOURLY


def answered(who: Person, *, status: str = "completed", first_word_ms: int | None = 250) -> Generation:
    posted = exchange(who.member)
    row = Generation.objects.create(message_id=posted.answer_id, status=status, ended_at=timezone.now())
    if first_word_ms is not None:
        at = int(row.created_at.timestamp() * 1000)
        Event.objects.create(generation=row, seq=1, at=at, body="{}")
        Event.objects.create(generation=row, seq=2, at=at + first_word_ms, body="{}")
    return row


def report_of(who: Person) -> list[dict[str, Any]]:
    answer = who.browser.get("/api/v1/usage")
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = body_of(answer)["items"]
    return rows


def test_the_report_adds_up_the_day_and_stays_when_its_sources_are_cleaned(owner: Person, mate: Person) -> None:
    count(owner, input_tokens=100, generation=answered(owner, first_word_ms=200))
    count(owner, input_tokens=50, generation=answered(owner, first_word_ms=400))
    answered(owner, status="failed", first_word_ms=None)
    count(mate, input_tokens=7)
    report_usage()
    report_usage()  # safe to run twice

    rows = {(row["email"], row["model"]): row for row in report_of(owner)}
    assert sum(row["input_tokens"] for row in rows.values()) == 157
    mine = [row for (email, _), row in rows.items() if email == owner.user.email]
    assert (sum(row["answers"] for row in mine), sum(row["errors"] for row in mine)) == (3, 1)
    (timed,) = [row for row in mine if row["first_word_ms"] is not None]
    assert 295 <= timed["first_word_ms"] <= 305

    Event.objects.all().delete()  # tapes are kept for a day
    report_usage()
    again = [row["first_word_ms"] for row in report_of(owner) if row["first_word_ms"] is not None]
    assert again == [timed["first_word_ms"]]


def test_the_report_is_for_owners_and_admins_of_their_own_workspace(
    owner: Person, admin: Person, mate: Person, stranger: Person
) -> None:
    count(owner, input_tokens=100)
    report_usage()
    assert len(report_of(owner)) == len(report_of(admin)) == 1
    assert mate.browser.get("/api/v1/usage").status_code == 403
    assert report_of(stranger) == []


def test_the_report_of_a_person_who_left_stays_without_their_name(owner: Person, mate: Person) -> None:
    count(mate, input_tokens=9)
    report_usage()
    mate.user.delete()
    assert [(row["email"], row["input_tokens"]) for row in report_of(owner)] == [(None, 9)]
    report_usage()
    assert UsageDay.objects.count() == 1


RETENTION, PREVIEW = "/api/v1/retention", "/api/v1/retention/preview"
CHOICE = {"conversations": None, "archives": None, "files": None, "usage": None}


def put(who: Person, version: int, **days: int | None) -> Any:
    return who.browser.put(RETENTION, {**CHOICE, **days, "version": version})


def test_an_owner_is_told_what_would_go_before_they_choose_and_it_goes_then(owner: Person, settings: Settings) -> None:
    settings.FILES_KEPT_DAYS = 10
    gone, stays = old_conversation(owner, days=31), old_conversation(owner, days=29)
    file = store_file(owner.member, [b"four"], name="x", media_type="a/b")
    File.objects.filter(id=file.id).update(created_at=timezone.now() - timedelta(days=11))
    count(owner, input_tokens=1, days=500)

    fate = body_of(owner.browser.post(PREVIEW, {**CHOICE, "conversations": 30}))

    assert fate == {"conversations": 1, "archives": 0, "files": 1, "file_bytes": 4, "usage_records": 1}
    assert Conversation.objects.count() == 2  # a preview changes nothing
    stored = body_of(put(owner, 1, conversations=30, files=0))
    assert stored["days"] == {**CHOICE, "conversations": 30, "files": 0}
    assert (stored["machine"]["files"], stored["machine"]["usage"], stored["version"]) == (10, 400, 2)
    counts = clean().counts
    assert (counts["conversations"], counts["files"], counts["usage"]) == (1, 0, 1)  # for ever beats the environment
    assert list(Conversation.objects.values_list("id", flat=True)) == [stays.id]
    assert gone.id != stays.id


def test_what_one_workspace_chooses_touches_no_other(owner: Person, stranger: Person) -> None:
    card = make_card(stranger.member.workspace_id)
    make_bot(stranger.member.workspace_id, "Theirs", card=card, default_for=card)
    for who in (owner, stranger):
        old_conversation(who, days=100)
    assert put(owner, 1, conversations=30).status_code == 200
    assert body_of(stranger.browser.post(PREVIEW, CHOICE))["conversations"] == 0
    assert clean().counts["conversations"] == 1
    assert Conversation.objects.get().owner_id == stranger.user.id


def test_a_stale_choice_and_a_strange_one_change_nothing(owner: Person, mate: Person) -> None:
    assert put(owner, 1, files=30).status_code == 200
    assert put(owner, 1, files=1).status_code == 409
    assert put(owner, 7, files=1).status_code == 409
    for wrong in (-1, 10**9, "soon"):
        assert owner.browser.put(RETENTION, {**CHOICE, "files": wrong, "version": 2}).status_code == 422
    assert put(mate, 2, files=1).status_code == 403
    assert body_of(owner.browser.get(RETENTION))["days"]["files"] == 30
