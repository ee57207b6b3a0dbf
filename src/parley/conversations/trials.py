"""A conversation that is laid out by hand, to try out what several bots would say at its end. It is a temporary one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.accounts.access import Member
from parley.conversations.limits import check_parts
from parley.conversations.models import Conversation, Message
from parley.conversations.parts import Part, text_of
from parley.conversations.receipts import Posted, Promised, claim, digest_of
from parley.conversations.titles import excerpt_title
from parley.core.errors import Invalid
from parley.core.ids import uuid7

MOST_MESSAGES: Final = 100
MOST_ANSWERS: Final = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the prompt, whoever really wrote it."""

    role: Literal["user", "assistant"]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """`answers`: the empty ones that wait for their text; none when the same layout came again under its key."""

    conversation_id: UUID
    answers: tuple[Posted, ...]


def lay_out(member: Member, said: Sequence[Said], version_ids: Sequence[UUID], *, key: UUID, bot_id: UUID) -> Laid:
    """The messages as they are given, and at their end an empty answer of each version. Nobody is told: it is in no list.

    `bot_id`: whose conversation it is. Raises `Invalid`, `TooLarge`, `KeyReused`.
    """
    _check(said, version_ids)
    ids = [uuid7() for _ in range(1 + len(said) + len(version_ids))]  # each greater than the one before
    conversation_id, message_ids, answer_ids = ids[0], ids[1 : len(said) + 1], ids[len(said) + 1 :]
    digest = digest_of("try", [part for one in said for part in one.parts], [one.role for one in said], version_ids)
    with transaction.atomic(savepoint=False):
        if first := claim(member.user_id, key, digest, Promised(conversation_id, message_ids[-1], answer_ids[0])):
            return Laid(first.conversation_id, ())
        Conversation.objects.create(
            id=conversation_id,
            workspace_id=member.workspace_id,
            owner_id=member.user_id,
            bot_id=bot_id,
            title=excerpt_title(text_of(list(said[-1].parts))),
            title_source=Conversation.TitleSource.KEPT,
            leaf_id=answer_ids[0],
            updated_at=timezone.now(),
            temporary=True,
        )
        prompt = _prompt(member, said, message_ids, conversation_id)
        answers = [
            _answer(conversation_id, message_ids[-1], id_, version_id)
            for id_, version_id in zip(answer_ids, version_ids, strict=True)
        ]
        Message.objects.bulk_create([*prompt, *answers])
    return Laid(
        conversation_id,
        tuple(
            Posted(conversation_id, message_ids[-1], id_, version_id)
            for id_, version_id in zip(answer_ids, version_ids, strict=True)
        ),
    )


def _check(said: Sequence[Said], version_ids: Sequence[UUID]) -> None:
    if not 1 <= len(version_ids) <= MOST_ANSWERS:
        raise Invalid(f"Choose 1 to {MOST_ANSWERS} models.")
    if not said or said[-1].role != "user":
        raise Invalid("The last message must be the user's: it is what the models answer.")
    if len(said) > MOST_MESSAGES:
        raise Invalid(f"A prompt has at most {MOST_MESSAGES} messages; these are {len(said)}.")
    for number, one in enumerate(said, start=1):
        if one.role == "assistant" and any(part.type != "text" for part in one.parts):
            raise Invalid(f"Message {number} is the assistant's, and holds more than text. Leave that out.")
        check_parts(one.parts)


def _prompt(member: Member, said: Sequence[Said], ids: Sequence[UUID], conversation_id: UUID) -> list[Message]:
    parents = [None, *ids[:-1]]
    return [
        Message(
            id=id_,
            conversation_id=conversation_id,
            parent_id=parent,
            role=one.role,
            user_id=member.user_id if one.role == "user" else None,
            parts=list(one.parts),
        )
        for one, id_, parent in zip(said, ids, parents, strict=True)
    ]


def _answer(conversation_id: UUID, parent_id: UUID, id_: UUID, version_id: UUID) -> Message:
    return Message(
        id=id_,
        conversation_id=conversation_id,
        parent_id=parent_id,
        role=Message.Author.ASSISTANT,
        bot_version_id=version_id,
        parts=[],
        status=Message.Status.WRITING,
    )
