"""Going on elsewhere: a copy of a branch, up to one message, as a conversation of its own."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.accounts.access import Member
from parley.conversations import signals
from parley.conversations.access import conversation_for, message_for
from parley.conversations.attachments import attach_again
from parley.conversations.models import Conversation, Message
from parley.conversations.queries import history
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid
from parley.core.ids import uuid7

MAX_MESSAGES = 5000


def fork_conversation(member: Member, conversation_id: UUID, message_id: UUID) -> Conversation:
    """All from the first message down to `message_id`. Raises `NotFound`, `Conflict` while that is still being written."""
    original = conversation_for(member, conversation_id)
    message = message_for(member, message_id)
    if message.conversation_id != original.id:
        raise Invalid("This message belongs to another conversation.")
    branch = history(message.id, limit=MAX_MESSAGES)
    if any(said.status == Message.Status.WRITING for said in branch):
        raise Conflict("This answer is still being written. Wait until it has ended, or stop it first.")
    with transaction.atomic():
        copy = Conversation.objects.create(
            id=uuid7(),
            workspace_id=original.workspace_id,
            owner_id=original.owner_id,
            bot_id=original.bot_id,
            folder_id=original.folder_id,
            title=original.title,
            title_source=Conversation.TitleSource.KEPT,
            updated_at=timezone.now(),
        )
        copy.leaf_id = _copy(branch, copy)
        copy.save(update_fields=["leaf_id"])
        attach_again(branch, copy)
        announce(
            signals.conversation_created,
            conversation_id=copy.id,
            owner_id=copy.owner_id,
            workspace_id=copy.workspace_id,
            title=copy.title,
        )
    return copy


def _copy(branch: list[Message], copy: Conversation) -> UUID | None:
    """Returns the id of the last message. Ids grow along the branch, as everywhere."""
    parent: UUID | None = None
    copies = []
    for said in branch:
        copied = Message(
            id=uuid7(),
            conversation_id=copy.id,
            parent_id=parent,
            role=said.role,
            user_id=said.user_id,
            bot_version_id=said.bot_version_id,
            parts=said.parts,
            status=said.status,
        )
        copies.append(copied)
        parent = copied.id
    Message.objects.bulk_create(copies, batch_size=200)
    return parent
