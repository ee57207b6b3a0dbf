"""Fetch a generation for a person, or not found."""

from uuid import UUID

from parley.accounts.access import Member
from parley.core.errors import NotFound
from parley.engine.models import Generation


def generation_for(member: Member, generation_id: UUID) -> Generation:
    """A generation of a conversation that is this person's own. Raises `NotFound`, the same for foreign and unknown ids."""
    found = Generation.objects.filter(
        id=generation_id,
        message__conversation__owner_id=member.user_id,
        message__conversation__workspace_id=member.workspace_id,
    ).first()
    if found is None:
        raise NotFound("There is no such reply, or it is not yours.")
    return found
