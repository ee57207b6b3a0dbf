"""A conversation that is laid out by hand, to try out what several bots would say at its end. It is a temporary one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.accounts.access import Member
from parley.conversations.limits import check_parts
from parley.conversations.models import Conversation, Message
from parley.conversations.parts import Part, TextPart, ToolCallPart, ToolResultPart, text_of
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
class Prompt:
    """`asides`: what only one of the models is told after that, by its place: what it called, and what that gave."""

    to_all: Sequence[Said]
    asides: Mapping[int, Sequence[Said]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Laid:
    """`answers`: the empty ones that wait for their text; none when the same layout came again under its key."""

    conversation_id: UUID
    answers: tuple[Posted, ...]


def lay_out(member: Member, said: Prompt, version_ids: Sequence[UUID], *, key: UUID, bot_id: UUID) -> Laid:
    """The messages as they are given, and at their end an empty answer of each version. Nobody is told: it is in no list.

    `bot_id`: whose conversation it is. Raises `Invalid`, `TooLarge`, `KeyReused`.
    """
    if not 1 <= len(version_ids) <= MOST_ANSWERS:
        raise Invalid(f"Choose 1 to {MOST_ANSWERS} models.")
    asides = [said.asides.get(place, ()) for place in range(len(version_ids))]
    for aside in asides:
        _check([*said.to_all, *aside])
    conversation_id = uuid7()
    prompt = _prompt(member, said.to_all, conversation_id, after=None)
    tails = [_prompt(member, aside, conversation_id, after=prompt[-1].id if prompt else None) for aside in asides]
    ends = [(tail or prompt)[-1].id for tail in tails]
    answer_ids = [uuid7() for _ in version_ids]  # each id is greater than the one before
    laid = [*said.to_all, *(one for aside in asides for one in aside)]
    parts, roles = [part for one in laid for part in one.parts], [one.role for one in laid]
    digest = digest_of("try", parts, roles, version_ids, *([list(map(len, asides))] if any(asides) else []))
    with transaction.atomic(savepoint=False):
        if first := claim(member.user_id, key, digest, Promised(conversation_id, ends[0], answer_ids[0])):
            return Laid(first.conversation_id, ())
        Conversation.objects.create(
            id=conversation_id,
            workspace_id=member.workspace_id,
            owner_id=member.user_id,
            bot_id=bot_id,
            title=excerpt_title(_last_words(laid)),
            title_source=Conversation.TitleSource.KEPT,
            leaf_id=answer_ids[0],
            updated_at=timezone.now(),
            temporary=True,
        )
        columns = list(zip(ends, answer_ids, version_ids, strict=True))
        answers = [_answer(conversation_id, *column) for column in columns]
        Message.objects.bulk_create([*prompt, *(row for tail in tails for row in tail), *answers])
    return Laid(conversation_id, tuple(Posted(conversation_id, *column) for column in columns))


def _last_words(said: Sequence[Said]) -> str:
    """The user's: what stands below them may be what a function gave."""
    return next((text_of(list(one.parts)) for one in reversed(said) if one.role == "user"), "")


def _check(said: Sequence[Said]) -> None:
    if not said or not (
        said[-1].role == "user" or any(isinstance(part, ToolResultPart) for part in said[-1].parts[-1:])
    ):
        raise Invalid("The last message must be the user's, or what a function gave: it is what the models answer.")
    if len(said) > MOST_MESSAGES:
        raise Invalid(f"A prompt has at most {MOST_MESSAGES} messages; these are {len(said)}.")
    for number, one in enumerate(said, start=1):
        allowed = ("text", "tool_call", "tool_result") if one.role == "assistant" else ("text", "image", "file")
        if other := [part.type for part in one.parts if part.type not in allowed]:
            raise Invalid(f"Message {number} is the {one.role}'s, and cannot hold a part of type '{other[0]}'.")
        _check_results(number, one.parts)
        # What a function got and gave is judged as text is.
        check_parts([TextPart(text=_words(part)) if part.type.startswith("tool") else part for part in one.parts])


def _check_results(number: int, parts: Sequence[Part]) -> None:
    """Vendors refuse a call without a result, and a result without a call."""
    calls = [part.id for part in parts if isinstance(part, ToolCallPart)]
    results = [part.id for part in parts if isinstance(part, ToolResultPart)]
    if sorted(calls) != sorted(results):
        raise Invalid(f"Message {number} calls functions, and each call needs one result. Say what each of them gave.")


def _words(part: Part) -> str:
    if isinstance(part, ToolCallPart):
        return f"{part.id} {part.name} {part.arguments} {part.opaque}"
    return part.text if isinstance(part, ToolResultPart) and part.text.strip() else "(nothing)"


def _prompt(member: Member, said: Sequence[Said], conversation_id: UUID, *, after: UUID | None) -> list[Message]:
    ids = [uuid7() for _ in said]
    parents = [after, *ids][: len(ids)]
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
