"""Fetch a generation for a person, or not found."""

from uuid import UUID

from parley.accounts.access import Member
from parley.core.errors import NotFound
from parley.engine.models import Generation


def generation_for(member: Member, generation_id: UUID) -> Generation:
    """A generation of a conversation that is this person's own. Raises `NotFound`, the same for foreign and unknown ids."""
    return _first_of(member, id=generation_id)


def generation_of_answer(member: Member, message_id: UUID) -> Generation:
    """The one that wrote this answer. Raises `NotFound`, as above."""
    return _first_of(member, message_id=message_id)


def _first_of(member: Member, **which: UUID) -> Generation:
    found = Generation.objects.filter(
        **which,
        message__conversation__owner_id=member.user_id,
        message__conversation__workspace_id=member.workspace_id,
    ).first()
    if found is None:
        raise NotFound("There is no such reply, or it is not yours.")
    return found
