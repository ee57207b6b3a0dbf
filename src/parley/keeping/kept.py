"""How long things are kept in a workspace: as its owner chose, else as the environment says; what a choice would take away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from parley.accounts.access import Member, check_admin
from parley.accounts.models import Workspace
from parley.core.errors import Conflict, Invalid
from parley.files.models import File
from parley.keeping.archive_queries import archives_expired, conversations_old
from parley.keeping.models import Retention
from parley.usage.queries import usage_old

MOST_DAYS = 36_500
FIRST_VERSION = 1  # of a workspace whose owner has chosen nothing yet


@dataclass(frozen=True, slots=True)
class Kept:
    """In days; 0: for ever. None, in a choice: as the environment says."""

    conversations: int | None = None
    archives: int | None = None
    files: int | None = None
    usage: int | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What would go with the next cleaning."""

    conversations: int
    archives: int
    files: int
    file_bytes: int
    usage_records: int


def machine_kept() -> Kept:
    """As the environment says."""
    return Kept(
        conversations=settings.CONVERSATIONS_KEPT_DAYS,
        archives=settings.ARCHIVES_KEPT_DAYS,
        files=settings.FILES_KEPT_DAYS,
        usage=settings.USAGE_KEPT_DAYS,
    )


def chosen_for(member: Member) -> tuple[Kept, int]:
    """What the owner chose, and the version of that. For owners and admins."""
    check_admin(member)
    row = Retention.objects.filter(workspace_id=member.workspace_id).first()
    return (_chosen(row), row.version) if row else (Kept(), FIRST_VERSION)


def choose(member: Member, kept: Kept, *, version: int) -> tuple[Kept, int]:
    """For owners and admins. It takes effect with the next cleaning, within the hour.

    Raises `Invalid`, and `Conflict` when someone else chose since `version`.
    """
    check_admin(member)
    _check(kept)
    fields = {
        "conversations_days": kept.conversations,
        "archives_days": kept.archives,
        "files_days": kept.files,
        "usage_days": kept.usage,
        "version": version + 1,
    }
    rows = Retention.objects.filter(workspace_id=member.workspace_id)
    if not rows.filter(version=version).update(**fields):
        if version != FIRST_VERSION or rows.exists():
            raise Conflict
        try:
            with transaction.atomic():
                Retention.objects.create(workspace_id=member.workspace_id, **fields)
        except IntegrityError:
            raise Conflict from None
    return chosen_for(member)


def preview(member: Member, kept: Kept) -> Fate:
    """What the next cleaning would take, were this chosen now. For owners and admins. At most four queries."""
    check_admin(member)
    _check(kept)
    days = _filled(kept)
    files = files_old(member.workspace_id, days.files or 0).aggregate(sum=Sum("size_bytes"))
    return Fate(
        conversations=conversations_old(member.workspace_id, days.conversations or 0).count(),
        archives=archives_expired(member.workspace_id, days.archives or 0).count(),
        files=files_old(member.workspace_id, days.files or 0).count(),
        file_bytes=files["sum"] or 0,
        usage_records=usage_old(member.workspace_id, days.usage or 0).count(),
    )


def all_kept() -> Iterator[tuple[UUID, Kept]]:
    """What holds in each workspace: no value is None. Two queries."""
    chosen = {row.workspace_id: _chosen(row) for row in Retention.objects.all()}
    for workspace_id in Workspace.objects.values_list("id", flat=True):
        yield workspace_id, _filled(chosen.get(workspace_id, Kept()))


def files_old(workspace_id: UUID, days: int) -> QuerySet[File]:
    rows = File.objects.filter(workspace_id=workspace_id)
    return rows.filter(created_at__lt=timezone.now() - timedelta(days=days)) if days else rows.none()


def _chosen(row: Retention) -> Kept:
    return Kept(row.conversations_days, row.archives_days, row.files_days, row.usage_days)


def _filled(kept: Kept) -> Kept:
    machine = machine_kept()
    return Kept(
        machine.conversations if kept.conversations is None else kept.conversations,
        machine.archives if kept.archives is None else kept.archives,
        machine.files if kept.files is None else kept.files,
        machine.usage if kept.usage is None else kept.usage,
    )


def _check(kept: Kept) -> None:
    days = (kept.conversations, kept.archives, kept.files, kept.usage)
    if any(one is not None and not 0 <= one <= MOST_DAYS for one in days):
        raise Invalid(f"A time is 1 to {MOST_DAYS:,} days, or 0 for ever.")
