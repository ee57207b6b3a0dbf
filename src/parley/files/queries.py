"""Reads of this room."""

from collections.abc import Collection
from uuid import UUID

from parley.accounts.access import Member
from parley.files.models import File


def list_files(member: Member, *, limit: int = 50, cursor: UUID | None = None) -> tuple[list[File], UUID | None]:
    """A page, newest first, and the cursor of the next one. One query."""
    rows = File.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id)
    if cursor:
        rows = rows.filter(id__lt=cursor)
    page = list(rows.order_by("-id")[: limit + 1])
    return page[:limit], page[limit - 1].id if len(page) > limit else None


def files_named(file_ids: Collection[UUID]) -> dict[UUID, File]:
    """By id, those that are still there: for a turn, whose messages were let in by their own door. One query."""
    return {file.id: file for file in File.objects.filter(id__in=file_ids)} if file_ids else {}
