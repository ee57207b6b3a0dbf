"""What people have typed and not sent: one row for each person and conversation, so that another device goes on with it."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from parley.accounts.access import Member
from parley.conversations import signals
from parley.conversations.access import conversation_for
from parley.conversations.models import Draft
from parley.core.announce import announce
from parley.core.errors import Conflict, TooLarge

STALE = "This draft was changed on another device. Read it, then write again with its version."


@dataclass(frozen=True, slots=True)
class Written:
    """`version` 0: nothing was ever typed there."""

    text: str = ""
    version: int = 0


def draft_of(member: Member, conversation_id: UUID | None) -> Written:
    """None: of the conversation that is begun next. Raises `NotFound`."""
    _check_place(member, conversation_id)
    draft = Draft.objects.filter(**_place(member, conversation_id)).first()
    return Written(draft.text, draft.version) if draft else Written()


def write_draft(member: Member, conversation_id: UUID | None, text: str, *, version: int) -> Written:
    """In place of the one with `version` (0: there is none). Raises `NotFound`, `TooLarge`, and `Conflict` when it is another:
    nothing that was typed elsewhere is overwritten unread.
    """
    _check_place(member, conversation_id)
    _check_text(text)
    with transaction.atomic():
        if version == 0:
            _insert(member, conversation_id, text)
        elif not Draft.objects.filter(**_place(member, conversation_id), version=version).update(
            text=text, version=version + 1
        ):
            raise Conflict(STALE)
        announce(signals.draft_written, conversation_id=conversation_id, owner_id=member.user_id, version=version + 1)
    return Written(text, version + 1)


def _insert(member: Member, conversation_id: UUID | None, text: str) -> None:
    try:
        with transaction.atomic():
            Draft.objects.create(
                workspace_id=member.workspace_id, owner_id=member.user_id, conversation_id=conversation_id, text=text
            )
    except IntegrityError:
        raise Conflict(STALE) from None


def _place(member: Member, conversation_id: UUID | None) -> dict[str, object]:
    return {
        "owner_id": member.user_id,
        "workspace_id": member.workspace_id,
        "conversation_id": conversation_id,
    }


def _check_place(member: Member, conversation_id: UUID | None) -> None:
    if conversation_id is not None:
        conversation_for(member, conversation_id)


def _check_text(text: str) -> None:
    size_bytes = len(text.encode())  # no half characters, no NUL: the door refuses such JSON
    if size_bytes > settings.MESSAGE_LIMIT_BYTES:
        raise TooLarge(f"The draft has {size_bytes:,} bytes; a message may have {settings.MESSAGE_LIMIT_BYTES:,}.")
