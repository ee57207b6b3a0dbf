"""Doors of archives: put a conversation of one's own away, see what is put away, bring it back."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from parley.api.who import member_of
from parley.keeping import archives
from parley.keeping.archive_queries import list_archives as archives_of
from parley.keeping.models import Archive

router = Router(tags=["archives"])


class ArchiveOut(Schema):
    """`conversation_is_gone`: retention removed it, and this is what remains."""

    conversation: UUID
    title: str
    messages: int
    size_bytes: int
    archived_at: datetime
    conversation_is_gone: bool


class Archives(Schema):
    items: list[ArchiveOut]
    next: UUID | None


class ReturnedOut(Schema):
    conversation: UUID
    added: int
    kept: int


@router.get("archives", response=Archives)
def list_archives(request: HttpRequest, cursor: UUID | None = None) -> Archives:
    """Your archives, those of the newest conversations first."""
    rows, next_ = archives_of(member_of(request), cursor=cursor)
    return Archives(items=[_out(row) for row in rows], next=next_)


@router.post("conversations/{uuid:conversation_id}/archive", response={201: ArchiveOut})
def archive_conversation(request: HttpRequest, conversation_id: UUID) -> Status[ArchiveOut]:
    """Write it into the store as it is now, in place of its archive from before."""
    return Status(201, _out(archives.archive_conversation(member_of(request), conversation_id)))


@router.post("archives/{uuid:conversation_id}/restore", response=ReturnedOut)
def restore_archive(request: HttpRequest, conversation_id: UUID) -> ReturnedOut:
    """Add what is missing of the conversation; what is there is left as it is. Twice is as good as once."""
    done = archives.restore_own_archive(member_of(request), conversation_id)
    return ReturnedOut(conversation=done.conversation_id, added=done.added, kept=done.kept)


def _out(row: Archive) -> ArchiveOut:
    return ArchiveOut(
        conversation=row.conversation_id,
        title=row.title,
        messages=row.messages,
        size_bytes=row.size_bytes,
        archived_at=row.archived_at,
        conversation_is_gone=row.conversation_gone_at is not None,
    )
