"""How a person keeps conversations: pinned, archived, in folders, with tags, or for a day only. Posts stand in `actions.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from parley.accounts.access import Member
from parley.bots.access import usable_persona
from parley.bots.queries import default_bot
from parley.conversations import signals
from parley.conversations.access import conversation_for, folder_for
from parley.conversations.models import Conversation, Folder, Tag
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid

MAX_TAGS = 20
MAX_FOLDERS = 500
TEMPORARY_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is to change; None stays as it is. `folder_id` counts where `moves` is set: None takes it out of its folder."""

    pinned: bool | None = None
    archived: bool | None = None
    tags: Sequence[str] | None = None
    moves: bool = False
    folder_id: UUID | None = None


def keep(member: Member, conversation_id: UUID, keeping: Keeping) -> None:
    """Raises `NotFound` for a conversation or a folder of somebody else, and `Invalid`."""
    conversation = conversation_for(member, conversation_id)
    changes: dict[str, object] = {}
    if keeping.pinned is not None:
        changes["pinned"] = keeping.pinned
    if keeping.archived is not None:
        changes["archived"] = keeping.archived
    if keeping.moves:
        changes["folder_id"] = folder_for(member, keeping.folder_id).id if keeping.folder_id else None
    with transaction.atomic():
        if changes:
            Conversation.objects.filter(id=conversation.id).update(**changes)
        if keeping.tags is not None:
            _put_tags(conversation, _checked_tags(keeping.tags))
        announce(
            signals.conversation_kept,
            conversation_id=conversation.id,
            owner_id=conversation.owner_id,
            workspace_id=conversation.workspace_id,
        )


def create_temporary(member: Member, *, bot_id: UUID | None = None) -> Conversation:
    """In no list, found by no search, gone after a day: so nobody is told of it either."""
    persona = usable_persona(member, bot_id or default_bot(member.workspace_id))
    return Conversation.objects.create(
        workspace_id=member.workspace_id,
        owner_id=member.user_id,
        bot_id=persona.bot_id,
        title_source=Conversation.TitleSource.KEPT,
        updated_at=timezone.now(),
        temporary=True,
    )


def keep_after_all(member: Member, conversation_id: UUID) -> None:
    """A temporary conversation becomes one like others. Raises `NotFound`."""
    conversation = conversation_for(member, conversation_id)
    Conversation.objects.filter(id=conversation.id).update(temporary=False)


def forget_temporary() -> int:
    """Temporary conversations in which nothing was said for a day. Returns how many went."""
    old = Conversation.objects.filter(temporary=True, updated_at__lt=timezone.now() - TEMPORARY_KEPT)
    conversations = list(old)
    for conversation in conversations:
        conversation.delete()
    return len(conversations)


def create_folder(member: Member, name: str) -> Folder:
    """Raises `Invalid`, and `Conflict` when there is one of this name."""
    name = _checked_name(name)
    if Folder.objects.filter(owner_id=member.user_id).count() >= MAX_FOLDERS:
        raise Invalid(f"You have {MAX_FOLDERS} folders already. Delete one that you do not need.")
    try:
        with transaction.atomic():
            return Folder.objects.create(owner_id=member.user_id, workspace_id=member.workspace_id, name=name)
    except IntegrityError:
        raise _taken(name) from None


def rename_folder(member: Member, folder_id: UUID, name: str) -> Folder:
    folder = folder_for(member, folder_id)
    folder.name = _checked_name(name)
    try:
        with transaction.atomic():
            folder.save(update_fields=["name"])
    except IntegrityError:
        raise _taken(folder.name) from None
    return folder


def delete_folder(member: Member, folder_id: UUID) -> None:
    """Its conversations stay, in no folder."""
    folder_for(member, folder_id).delete()


def _put_tags(conversation: Conversation, names: list[str]) -> None:
    Tag.objects.filter(conversation=conversation).exclude(name__in=names).delete()
    Tag.objects.bulk_create(
        [Tag(conversation=conversation, owner_id=conversation.owner_id, name=name) for name in names],
        ignore_conflicts=True,
    )


def _checked_tags(tags: Sequence[str]) -> list[str]:
    names = list(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))
    if len(names) > MAX_TAGS:
        raise Invalid(f"A conversation may have at most {MAX_TAGS} tags.")
    if long := next((name for name in names if len(name) > 40 or "\0" in name), None):
        raise Invalid(f"The tag '{long[:50]}' is too long: at most 40 characters.")
    return names


def _checked_name(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > 100:
        raise Invalid("A folder needs a name of at most 100 characters.")
    return name


def _taken(name: str) -> Conflict:
    return Conflict(f"You have a folder '{name}' already. Choose another name.")
