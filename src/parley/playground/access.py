"""Presets and runs for a person, or not found."""

from uuid import UUID

from django.db.models import Q, QuerySet

from parley.accounts.access import Member
from parley.bots.trials import is_of_playground
from parley.conversations.access import conversation_for
from parley.conversations.models import Conversation
from parley.core.errors import NotAllowed, NotFound
from parley.playground.models import Preset

NO_PRESET = "There is no such preset. It may have been deleted, or is not shared any more."
NO_RUN = "There is no such run. It may have been deleted: runs that are not kept go after a day."


def presets_for(member: Member) -> QuerySet[Preset]:
    """One's own, and those that others of the workspace share."""
    mine_or_shared = Q(owner_id=member.user_id) | Q(shared=True)
    return Preset.objects.filter(mine_or_shared, workspace_id=member.workspace_id).select_related("owner")


def preset_for(member: Member, preset_id: UUID) -> Preset:
    """Raises `NotFound`."""
    preset = presets_for(member).filter(id=preset_id).first()
    if preset is None:
        raise NotFound(NO_PRESET)
    return preset


def preset_to_change(member: Member, preset_id: UUID) -> Preset:
    """Raises `NotFound`, and `NotAllowed` for somebody else's; admins may change what is shared."""
    preset = preset_for(member, preset_id)
    if not may_change(member, preset):
        raise NotAllowed(
            "Only whoever made a preset, an owner or an admin may change it. Keep a copy of your own instead."
        )
    return preset


def may_change(member: Member, preset: Preset) -> bool:
    return preset.owner_id == member.user_id or member.is_admin


def run_for(member: Member, conversation_id: UUID) -> Conversation:
    """Raises `NotFound`, also for a conversation that is no run."""
    conversation = conversation_for(member, conversation_id)
    if not is_of_playground(member, conversation.bot_id):
        raise NotFound(NO_RUN)
    return conversation
