"""Reads of this room."""

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
