"""Rows for a person, or not found: somebody else's and none at all answer alike."""

from collections.abc import Collection
from uuid import UUID

from parley.accounts.access import Member
from parley.core.errors import NotFound
from parley.files.models import File


def file_for(member: Member, file_id: UUID) -> File:
    """One's own. Raises `NotFound`."""
    try:
        return File.objects.get(id=file_id, owner_id=member.user_id, workspace_id=member.workspace_id)
    except File.DoesNotExist:
        raise NotFound("There is no such file. It may have been deleted.") from None


def files_for(member: Member, file_ids: Collection[UUID]) -> dict[UUID, File]:
    """One's own of these, by id: all of them, or `NotFound`. One query."""
    found = {
        file.id: file
        for file in File.objects.filter(id__in=file_ids, owner_id=member.user_id, workspace_id=member.workspace_id)
    }
    if len(found) < len(set(file_ids)):
        raise NotFound("A file of this message is not there any more. Attach it again.")
    return found


def find_by_key(member: Member, key: UUID) -> File | None:
    """What came of the first upload with this key."""
    return File.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id, key=key).first()
