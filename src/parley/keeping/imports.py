"""Bring conversations in from a file: look into it, let its person choose, store that, and tell what was not understood.

Read twice: once for the preview, once to store. Each conversation is one transaction and one row of the report, so that a
worker that dies costs nothing but time, and its successor goes on where it stopped.
"""

import hashlib
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F
from django.utils import timezone

from parley.accounts.access import Member, member_for_user
from parley.conversations import signals
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid, NotFound, ParleyError, TooLarge
from parley.core.ids import uuid7
from parley.files.actions import checked_name, store_file
from parley.files.models import File
from parley.files.store import IMPORTS, NoBytes, opened, put, remove
from parley.keeping import long_work
from parley.keeping.import_bots import store_bots
from parley.keeping.import_file import Broughts, brought
from parley.keeping.import_form import Found, NotOurs, mended
from parley.keeping.import_write import is_known, place, store, title_of
from parley.keeping.models import Import, ImportItem
from parley.keeping.readers import READERS

IN_MEMORY_BYTES = 4 * 1024 * 1024
MOST_AT_ONCE = 3  # imports of one person that are not over
MOST_KEPT = 20
KEPT = timedelta(days=30)
MOST_CONVERSATIONS = 50_000
ITEMS_AT_ONCE = 200
TELL_EACH = 20  # conversations between two reports of progress
PAUSE_S = 0.01  # after each conversation, so that the writer of replies gets its turn on SQLite
GONE = "There is no such import. It may have been deleted."

Status = Import.Status
Outcome = ImportItem.Outcome


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The pictures of one file, for readers."""

    file: Broughts
    most_bytes: int

    def find(self, id_: str) -> str | None:
        return self.file.picture(id_, most_bytes=self.most_bytes)


def import_name(owner_id: UUID, import_id: UUID) -> str:
    return f"{IMPORTS}/{owner_id}/{import_id.hex}"


def take_import(member: Member, chunks: Iterable[bytes], *, name: str) -> Import:
    """Keep a file and look into it soon. Raises `Invalid`, `TooLarge`, and `Conflict` where too many are under way."""
    name = checked_name(name)
    if _of(member).exclude(status__in=(Status.READY, Status.FAILED)).count() >= MOST_AT_ONCE:
        raise Conflict(f"{MOST_AT_ONCE} imports of yours are not over yet. Finish or delete one of them first.")
    work = Import(id=uuid7(), workspace_id=member.workspace_id, owner_id=member.user_id, name=name)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as spool:
        work.size_bytes = _take(chunks, spool)
        spool.seek(0)
        put(import_name(member.user_id, work.id), spool)
    with transaction.atomic():
        work.save(force_insert=True)
        long_work.ring(work)
    for old in _of(member).order_by("-id")[MOST_KEPT:]:
        old.delete()
    return work


def list_imports(member: Member) -> list[Import]:
    """Newest first."""
    return list(_of(member).order_by("-id"))


def import_for(member: Member, import_id: UUID) -> Import:
    """Raises `NotFound`."""
    work = _of(member).filter(id=import_id).first()
    if work is None:
        raise NotFound(GONE)
    return work


def outcomes_of(work: Import) -> dict[str, int]:
    """How many conversations ended how. One query."""
    rows = work.items.exclude(outcome=Outcome.NONE).values_list("outcome").annotate(Count("id"))
    return dict(rows)


def count_choosable(work: Import) -> int:
    """How many of what was found may be stored: not what is here already, nor what was not understood."""
    return work.items.filter(is_chosen=True).count()


def list_items(
    work: Import, *, limit: int, cursor: int = 0, noted: bool = False
) -> tuple[list[ImportItem], int | None]:
    """A page of what was found, in the order of the file, and where the next one begins.

    `noted`: only those that were to be stored, and of which something was not understood.
    """
    rows = work.items.exclude(notes=[]).exclude(outcome=Outcome.LEFT_OUT) if noted else work.items.all()
    page = list(rows.filter(place__gte=cursor).order_by("place")[: limit + 1])
    return page[:limit], page[limit].place if len(page) > limit else None


def choose(member: Member, import_id: UUID, *, without: Sequence[int]) -> Import:
    """Store all that was found but the conversations at these places. Raises `Conflict` unless it waits for the choice."""
    work = import_for(member, import_id)
    with transaction.atomic():
        rows = _of(member).filter(id=work.id, status=Status.FOUND)
        if not rows.update(status=Status.WAITING, is_chosen=True, done=0, attempt=0, ended_at=None):
            raise Conflict("This import does not wait for a choice: it is being read, or it is over. Reload the page.")
        for begin in range(0, len(without), ITEMS_AT_ONCE):
            some = work.items.filter(is_chosen=True, place__in=without[begin : begin + ITEMS_AT_ONCE])
            some.update(is_chosen=False, outcome=Outcome.LEFT_OUT)
        work.refresh_from_db()
        long_work.ring(work)
    return work


def delete_import(member: Member, import_id: UUID) -> None:
    """With its file and its report. What it has stored stays."""
    import_for(member, import_id).delete()


def remove_old_imports() -> int:
    """Reports and files of imports that nobody has looked at for long. What was stored stays."""
    removed = 0
    for work in Import.objects.filter(created_at__lt=timezone.now() - KEPT):
        work.delete()
        removed += 1
    return removed


def work_on(import_id: UUID) -> None:
    """Read it, or store what was chosen. Safe to run twice."""
    with long_work.claimed(Import, import_id) as work:
        if work is None:
            return
        member = member_for_user(work.owner_id)
        with _opened(work) as file:
            if work.is_chosen:
                _store_chosen(member, work, file)
            else:
                _look(member, work, file)
        if work.status == Status.READY:
            remove(import_name(work.owner_id, work.id))


def _of(member: Member) -> models.QuerySet[Import]:
    return Import.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id)


def _take(chunks: Iterable[bytes], spool: "tempfile.SpooledTemporaryFile[bytes]") -> int:
    limit_bytes: int = settings.IMPORT_LIMIT_BYTES
    size_bytes = 0
    for chunk in chunks:
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise TooLarge(f"The file is larger than the {limit_bytes:,} bytes that are accepted. Import it in parts.")
        spool.write(chunk)
    if not size_bytes:
        raise Invalid("The file is empty. Choose the file as the other program made it.")
    return size_bytes


@contextmanager
def _opened(work: Import) -> Iterator[Broughts]:
    try:
        with opened(import_name(work.owner_id, work.id)) as (content, _), brought(content) as file:
            yield file
    except NoBytes:
        raise NotFound("The file of this import is lost. Choose it again.") from None


def _look(member: Member, work: Import, file: Broughts) -> None:
    """A row for each conversation; nothing is stored yet."""
    work.items.all().delete()  # of an attempt that broke off
    items: list[ImportItem] = []
    sources: list[str] = []
    for number, raw in enumerate(file.conversations()):
        if number >= MOST_CONVERSATIONS:
            raise TooLarge(f"The file holds more than {MOST_CONVERSATIONS:,} conversations. Import it in parts.")
        item, source = _looked_at(member, work, number, raw, _Pictures(file, settings.MESSAGE_LIMIT_BYTES))
        sources += [source] if source else []
        items.append(item)
        if len(items) >= ITEMS_AT_ONCE:
            ImportItem.objects.bulk_create(items)
            items = []
            long_work.report(work, done=number + 1, total=0)
    ImportItem.objects.bulk_create(items)
    if not sources:
        raise Invalid(
            "There is no conversation in this file that Parley understands. It reads its own archives, "
            "and the exports of ChatGPT and Open WebUI."
        )
    count = work.items.count()
    long_work.end(work, Status.FOUND, source=max(set(sources), key=sources.count), done=count, total=count)


def _looked_at(member: Member, work: Import, number: int, raw: object, pictures: _Pictures) -> tuple[ImportItem, str]:
    item = ImportItem(brought=work, place=number)
    try:
        found = _understood(raw, pictures)
    except NotOurs as error:
        return _not_understood(item, raw, error), ""
    item.title = title_of(found)
    item.messages = len(found.messages)
    item.said_at = max((said.at for said in found.messages if said.at), default=found.updated_at or found.created_at)
    item.notes = found.notes.listed()
    item.is_known = is_known(place(member, found))
    item.is_chosen = not item.is_known
    return item, found.source


def _not_understood(item: ImportItem, raw: object, why: NotOurs) -> ImportItem:
    title = raw.get("title") if isinstance(raw, dict) else None
    item.title = " ".join(title.replace("\0", "").split())[:200] if isinstance(title, str) else ""
    item.notes = [{"code": "unreadable", "detail": str(why)[:200], "count": 1}]
    item.is_chosen, item.outcome = False, Outcome.FAILED
    return item


def _understood(raw: object, pictures: _Pictures) -> Found:
    """Raises `NotOurs`."""
    if not isinstance(raw, dict):
        raise NotOurs("it is no object")
    for is_ours, read in READERS:
        if is_ours(raw):
            found = mended(read(raw, pictures))
            if not found.messages:
                raise NotOurs("nothing was said in it")
            if not any(said.at for said in found.messages) and not found.created_at:
                found.notes.add("no_times")
            return found
    raise NotOurs("its form is not known here")


def _store_chosen(member: Member, work: Import, file: Broughts) -> None:
    chosen = dict(work.items.filter(is_chosen=True, outcome=Outcome.NONE).values_list("place", "id"))
    total = work.items.filter(is_chosen=True).count()
    done = total - len(chosen)
    pictures = _Pictures(file, settings.MESSAGE_LIMIT_BYTES)
    newest: UUID | None = None
    for number, raw in enumerate(file.conversations()):
        if number not in chosen:
            continue
        newest = _store_one(member, chosen[number], raw, pictures) or newest
        done += 1
        if done % TELL_EACH == 0:
            long_work.report(work, done=done, total=total)
        time.sleep(PAUSE_S)
    files = _store_files(member, file)
    bots = store_bots(member, file.bots(), file.digests())
    long_work.end(work, Status.READY, done=done, total=total, files=F("files") + files, bots=F("bots") + bots)
    if newest:  # once for all of them: open pages ask for their lists anew
        announce(
            signals.conversation_kept,
            conversation_id=newest,
            owner_id=member.user_id,
            workspace_id=member.workspace_id,
        )


def _store_one(member: Member, item_id: int, raw: object, pictures: _Pictures) -> UUID | None:
    try:
        found = _understood(raw, pictures)
    except NotOurs as error:
        note = {"code": "unreadable", "detail": str(error)[:200], "count": 1}
        ImportItem.objects.filter(id=item_id).update(outcome=Outcome.FAILED, notes=[note])
        return None
    stored = store(member, place(member, found))
    outcome = (Outcome.COMPLETED if stored.added else Outcome.HERE) if stored.was_here else Outcome.ADDED
    ImportItem.objects.filter(id=item_id).update(
        outcome=outcome, added=stored.added, conversation_id=stored.conversation_id, notes=found.notes.listed()
    )
    return stored.conversation_id


def _store_files(member: Member, file: Broughts) -> int:
    """Of an archive of Parley. One that is here already, by its bytes and its name, is not stored again."""
    count = 0
    for name, media_type, raw in file.files(most_bytes=settings.FILE_LIMIT_BYTES):
        digest = hashlib.sha256(raw).hexdigest()
        if not raw or File.objects.filter(owner_id=member.user_id, digest=digest, name=name).exists():
            continue
        try:
            store_file(member, [raw], name=name, media_type=media_type)
        except ParleyError:  # there is no more room for it; the report says how many came
            continue
        count += 1
    return count
