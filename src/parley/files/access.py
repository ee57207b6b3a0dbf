"""Rows for a person, or not found: somebody else's and none at all answer alike."""

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
