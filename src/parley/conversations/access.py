"""Rows for a person, or not found: somebody else's and none at all answer alike."""

from uuid import UUID

from parley.accounts.access import Member
from parley.conversations.models import Conversation, Folder, Message, Prompt, Share
from parley.core.errors import NotFound

NO_CONVERSATION = "There is no such conversation. It may have been deleted."
NO_FOLDER = "There is no such folder. It may have been deleted."
NO_LINK = "There is no such link. It may have been ended."
NO_PROMPT = "There is no such prompt of yours. It may have been deleted."
NO_MESSAGE = "There is no such message. Its conversation may have been deleted."


def conversation_for(member: Member, conversation_id: UUID) -> Conversation:
    """Raises `NotFound`."""
    try:
        return Conversation.objects.get(id=conversation_id, owner_id=member.user_id, workspace_id=member.workspace_id)
    except Conversation.DoesNotExist:
        raise NotFound(NO_CONVERSATION) from None


def message_for(member: Member, message_id: UUID, *, for_writing: bool = False) -> Message:
    """A message with its conversation. Raises `NotFound`.

    `for_writing`, inside a transaction: nobody else posts in the conversation or deletes it until that ends.
    """
    messages = Message.objects.select_related("conversation")
    if for_writing:
        messages = messages.select_for_update(of=("conversation",), no_key=True)
    try:
        return messages.get(
            id=message_id, conversation__owner_id=member.user_id, conversation__workspace_id=member.workspace_id
        )
    except Message.DoesNotExist:
        raise NotFound(NO_MESSAGE) from None


def folder_for(member: Member, folder_id: UUID) -> Folder:
    """Raises `NotFound`."""
    try:
        return Folder.objects.get(id=folder_id, owner_id=member.user_id, workspace_id=member.workspace_id)
    except Folder.DoesNotExist:
        raise NotFound(NO_FOLDER) from None


def share_for(member: Member, share_id: UUID) -> Share:
    """A link that this person made. Raises `NotFound`."""
    try:
        return Share.objects.get(
            id=share_id, conversation__owner_id=member.user_id, conversation__workspace_id=member.workspace_id
        )
    except Share.DoesNotExist:
        raise NotFound(NO_LINK) from None


def prompt_for(member: Member, prompt_id: UUID) -> Prompt:
    """One's own, to be changed; a shared one is its maker's. Raises `NotFound`."""
    try:
        return Prompt.objects.get(id=prompt_id, owner_id=member.user_id, workspace_id=member.workspace_id)
    except Prompt.DoesNotExist:
        raise NotFound(NO_PROMPT) from None
