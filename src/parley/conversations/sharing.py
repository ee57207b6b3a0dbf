"""Links to a picture of a branch: read only, made by hand, ended at a time or at once. Nothing is shared by itself."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parley.accounts.access import Member
from parley.accounts.models import Membership, Role
from parley.accounts.workspace import check_may
from parley.bots.queries import Face, faces_of
from parley.conversations.access import conversation_for, share_for
from parley.conversations.models import Conversation, Message, Share
from parley.conversations.parts import Part
from parley.conversations.queries import history
from parley.core.errors import Invalid, NotFound

MAX_SHARES = 50
MAX_DAYS = 3650
MAX_MESSAGES = 5000
NO_SHARE = "This link leads nowhere: it has expired, or was ended by whoever made it."
# What a person shows: neither what a model thought aloud nor what its tools were told. Of a file its name; the bytes are
# their owner's alone.
SHOWN = ("text", "image", "file", "citation")


# The links of who is switched off lead nowhere until they are back. So do, where links are left to owners and admins, those
# of all others.
_ALLOWED = Q(conversation__owner__is_active=True) & (
    Q(conversation__workspace__may_share_links=True)
    | Exists(
        Membership.objects.filter(
            user_id=OuterRef("conversation__owner_id"),
            workspace_id=OuterRef("conversation__workspace_id"),
            role__in=(Role.OWNER, Role.ADMIN),
        )
    )
)


def share_conversation(member: Member, conversation_id: UUID, *, days: int | None) -> Share:
    """A link to the branch that is shown now. `days`: until it ends; None: until it is ended. Raises `NotFound`, `Invalid`."""
    conversation = conversation_for(member, conversation_id)
    check_may(member, "may_share_links")
    if conversation.leaf_id is None:
        raise Invalid("There is nothing to share in this conversation yet.")
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise Invalid(f"A link may last for 1 to {MAX_DAYS} days.")
    if Share.objects.filter(conversation=conversation).count() >= MAX_SHARES:
        raise Invalid(f"This conversation has {MAX_SHARES} links already. End one of them.")
    return Share.objects.create(
        conversation=conversation,
        token=secrets.token_urlsafe(32),
        title=conversation.title,
        shown=orjson.dumps(_picture(conversation)).decode(),
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )


def shares_of(member: Member, conversation_id: UUID) -> list[Share]:
    """Those that have not ended, newest first."""
    conversation = conversation_for(member, conversation_id)
    return list(_alive(timezone.now()).filter(conversation=conversation).order_by("-id"))


def end_share(member: Member, share_id: UUID) -> None:
    share_for(member, share_id).delete()


def shared(token: str) -> Share:
    """For anyone who has the link. Raises `NotFound` for one that has ended and for none at all alike."""
    shares = _alive(timezone.now()).filter(token=token[:64].replace("\0", ""))
    share = shares.filter(_ALLOWED).first()
    if share is None:
        raise NotFound(NO_SHARE)
    return share


def forget_ended_shares() -> int:
    return Share.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def _alive(now: datetime) -> QuerySet[Share]:
    return Share.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now))


def _picture(conversation: Conversation) -> list[dict[str, object]]:
    assert conversation.leaf_id
    branch = history(conversation.leaf_id, limit=MAX_MESSAGES)
    if conversation.bot and conversation.bot.playground_of_id:  # what is shown there are all answers beside each other
        branch = [*branch[:-1], *conversation.messages.filter(parent_id=branch[-1].parent_id).order_by("id")]
    faces = faces_of(message.bot_version_id for message in branch if message.bot_version_id)
    return [_message(message, faces) for message in branch if message.status != Message.Status.WRITING]


def _message(message: Message, faces: dict[UUID, Face]) -> dict[str, object]:
    face = faces.get(message.bot_version_id) if message.bot_version_id else None
    return {
        "id": message.id,
        "role": message.role,
        "parts": [_part(part) for part in message.parts if part.type in SHOWN],
        "bot": face and {"name": face.name, "avatar": face.avatar},
        "created_at": message.created_at,
    }


def _part(part: Part) -> dict[str, object]:
    return part.model_dump()
