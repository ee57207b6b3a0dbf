"""Take all along: what is a person's, as one archive. Made while they are elsewhere, kept for some days."""

import tempfile
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from parley.accounts.access import Member, member_for_user
from parley.core.errors import Conflict, NotFound
from parley.files.store import EXPORTS, put
from parley.keeping import long_work
from parley.keeping.export_file import write_archive
from parley.keeping.models import Export

KEPT = timedelta(days=7)
MOST_KEPT = 3
IN_MEMORY_BYTES = 4 * 1024 * 1024
Status = Export.Status


def export_name(owner_id: UUID, export_id: UUID) -> str:
    return f"{EXPORTS}/{owner_id}/{export_id.hex}.zip"


def expires_at(work: Export) -> datetime | None:
    """When a ready one goes."""
    return work.ended_at + KEPT if work.ended_at and work.status == Status.READY else None


def ask_for_export(member: Member) -> Export:
    """Soon. Raises `Conflict` while another one is being made."""
    if _of(member).filter(status__in=(Status.WAITING, Status.WORKING)).exists():
        raise Conflict("An archive of your account is being made already. Wait for it.")
    with transaction.atomic():
        work = Export.objects.create(workspace_id=member.workspace_id, owner_id=member.user_id)
        long_work.ring(work)
    for old in _of(member).order_by("-id")[MOST_KEPT:]:
        old.delete()
    return work


def list_exports(member: Member) -> list[Export]:
    """Newest first."""
    return list(_of(member).order_by("-id"))


def export_for(member: Member, export_id: UUID) -> Export:
    """Raises `NotFound`."""
    work = _of(member).filter(id=export_id).first()
    if work is None:
        raise NotFound("There is no such archive. It may have expired, or been deleted.")
    return work


def ready_export(member: Member, export_id: UUID) -> Export:
    """One that can be downloaded. Raises `NotFound` and `Conflict`."""
    work = export_for(member, export_id)
    if work.status != Status.READY:
        raise Conflict("This archive is not ready. Wait for it, or make another one.")
    return work


def delete_export(member: Member, export_id: UUID) -> None:
    export_for(member, export_id).delete()


def write_export(export_id: UUID) -> None:
    """Safe to run twice: the archive is written anew, in place of what was there."""
    with long_work.claimed(Export, export_id) as work:
        if work is None:
            return
        member = member_for_user(work.owner_id)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as spool:
            write_archive(member, spool, lambda done, total: long_work.report(work, done=done, total=total))
            size_bytes = spool.tell()
            spool.seek(0)
            put(export_name(work.owner_id, work.id), spool)
        long_work.end(work, Status.READY, size_bytes=size_bytes)


def remove_old_exports() -> int:
    """Archives of accounts whose days are over, and those that failed."""
    removed = 0
    for work in Export.objects.filter(ended_at__lt=timezone.now() - KEPT):
        work.delete()
        removed += 1
    return removed


def _of(member: Member) -> models.QuerySet[Export]:
    return Export.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id)
