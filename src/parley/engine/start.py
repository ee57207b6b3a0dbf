"""Ask: post a message and queue the generation that will answer it, in one transaction (N1, N2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from parley.accounts.access import Member
from parley.conversations import actions
from parley.conversations.actions import LEAF, Leaf
from parley.conversations.parts import Part
from parley.conversations.receipts import Posted, was_accepted
from parley.conversations.trials import Prompt, lay_out
from parley.core import traces
from parley.core.announce import announce
from parley.core.errors import OverBudget, TooMany
from parley.core.faultpoint import faultpoint
from parley.engine import signals
from parley.engine.admission import check_capacity
from parley.engine.lease import insert_generation, start_runner
from parley.engine.models import Generation
from parley.engine.queries import running_answers
from parley.engine.values import Turn
from parley.usage.budgets import Running, check_budget


@dataclass(frozen=True, slots=True)
class Asked:
    """What a door answers: the ids of what is now stored."""

    conversation_id: UUID
    message_id: UUID
    answer_id: UUID
    generation_id: UUID


def ask(
    member: Member,
    parts: list[Part],
    *,
    key: UUID,
    conversation_id: UUID | None = None,
    parent_id: UUID | Leaf | None = LEAF,
    bot_id: UUID | None = None,
    trace: str = "",
) -> Asked:
    """Post a message, in a new conversation when none is named. `trace`: the caller's traceparent, where there are traces.

    Raises `Busy`, `OverBudget`, `NotFound`, `KeyReused`, `Invalid`, `TooLarge`, `Conflict`; then nothing is stored.
    """
    return _queue(
        member,
        lambda: actions.post_message(
            member, parts, key=key, conversation_id=conversation_id, parent_id=parent_id, bot_id=bot_id
        ),
        key,
        trace,
    )


def edit(
    member: Member, message_id: UUID, parts: list[Part], *, key: UUID, bot_id: UUID | None = None, trace: str = ""
) -> Asked:
    """Post another wording beside `message_id`, and answer it. The first wording and its answers stay."""
    return _queue(member, lambda: actions.edit_message(member, message_id, parts, key=key, bot_id=bot_id), key, trace)


def regenerate(member: Member, answer_id: UUID, *, key: UUID, bot_id: UUID | None = None, trace: str = "") -> Asked:
    """Write another answer beside `answer_id`."""
    return _queue(member, lambda: actions.regenerate(member, answer_id, key=key, bot_id=bot_id), key, trace)


def continue_answer(member: Member, answer_id: UUID, *, key: UUID, trace: str = "") -> Asked:
    """Write a sibling of an answer that was cut off: it starts with the kept text and goes on."""
    return _queue(member, lambda: actions.continue_answer(member, answer_id, key=key), key, trace)


def ask_many(
    member: Member, said: Prompt, version_ids: Sequence[UUID], *, key: UUID, bot_id: UUID, trace: str = ""
) -> UUID:
    """Lay a conversation out and let each of these versions answer its end, beside one another. Returns the conversation.

    Raises `Busy`, `OverBudget`, `TooMany`, `KeyReused`, `Invalid`, `TooLarge`; then nothing is stored. Safe to run twice.
    """

    def running(user_id: UUID | None) -> int:
        return running_answers(member.workspace_id, user_id) + len(version_ids) - 1

    _check_may_ask(member, key, running)
    with traces.span("ask", parent=trace, kind=traces.SpanKind.PRODUCER), transaction.atomic():
        laid = lay_out(member, said, version_ids, key=key, bot_id=bot_id)
        for posted in laid.answers:
            _begin(member, posted)
    return laid.conversation_id


def _queue(member: Member, post: Callable[[], Posted], key: UUID, trace: str) -> Asked:
    _check_may_ask(member, key, partial(running_answers, member.workspace_id))
    with traces.span("ask", parent=trace, kind=traces.SpanKind.PRODUCER):
        return _store(member, post)


def _check_may_ask(member: Member, key: UUID, running: Running) -> None:
    check_capacity()
    try:
        check_budget(member, running=running)
    except (OverBudget, TooMany):
        if not was_accepted(member.user_id, key):  # a retry costs nothing, and must hear what came of the first (N2)
            raise


def _store(member: Member, post: Callable[[], Posted]) -> Asked:
    faultpoint("ask.begun")
    with transaction.atomic():
        posted = post()
        faultpoint("ask.posted")
        if not posted.fresh:
            return _asked(posted, Generation.objects.values_list("id", flat=True).get(message_id=posted.answer_id))
        generation_id = _begin(member, posted)
        faultpoint("ask.written")
    faultpoint("ask.committed")
    return _asked(posted, generation_id)


def _begin(member: Member, posted: Posted) -> UUID:
    """Store the generation of an empty answer; its runner starts on commit."""
    generation = Generation(
        message_id=posted.answer_id, continues_id=posted.continued_id, trace=traces.traceparent_of()
    )
    insert_generation(generation)
    turn = Turn(
        generation_id=generation.id,
        fence=generation.fence,
        attempt=generation.attempt,
        conversation_id=posted.conversation_id,
        parent_id=posted.message_id,
        answer_id=posted.answer_id,
        bot_version_id=posted.bot_version_id,
        user_id=member.user_id,
        workspace_id=member.workspace_id,
        is_first=posted.new_conversation,
        continues_id=posted.continued_id,
        trace=generation.trace,
    )
    announce(signals.generation_queued, turn=turn)
    transaction.on_commit(partial(start_runner, turn))
    return generation.id


def _asked(posted: Posted, generation_id: UUID) -> Asked:
    return Asked(posted.conversation_id, posted.message_id, posted.answer_id, generation_id)
