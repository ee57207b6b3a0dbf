"""Try a rule out on past conversations before it answers: whom would it have chosen, and why. No model is asked."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from parley.accounts.access import Member
from parley.conversations.models import Message
from parley.conversations.parts import text_of
from parley.conversations.queries import history
from parley.core.errors import EndpointRejected
from parley.engine.sources import chat_message
from parley.providers.access import check_admin
from parley.providers.routed import LoadedRule
from parley.providers.router.decide import ANSWER_TOKENS, cost_usd, decide
from parley.providers.router.needs import needs_of
from parley.providers.router.rules import given_steps
from parley.providers.routes import loaded_rule

MOST_TRIED: Final = 100
EXCERPT: Final = 120  # letters


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One past message under the rule. `then`: who is asked should the first fail. `dollars`: estimated, None: not known."""

    message_id: UUID
    conversation_id: UUID
    excerpt: str
    model: str | None
    then: tuple[str, ...]
    reasons: tuple[str, ...]
    dollars: float | None


def rehearse(member: Member, steps: object, *, messages: int) -> list[Rehearsed]:
    """The newest messages of this admin, and of nobody else, under these steps. Raises `NotAllowed` and `Invalid`."""
    check_admin(member)
    rule = loaded_rule(uuid4(), "on trial", given_steps(steps), member.workspace_id)
    rows = Message.objects.filter(
        role=Message.Author.USER,
        conversation__owner_id=member.user_id,
        conversation__workspace_id=member.workspace_id,
    ).order_by("-id")
    return [_rehearsed(rule, message) for message in rows[: min(messages, MOST_TRIED)]]


def _rehearsed(rule: LoadedRule, message: Message) -> Rehearsed:
    said = [chat for before in history(message.id) if (chat := chat_message(before))]
    needs = needs_of(said)
    excerpt = " ".join(text_of(message.parts).split())[:EXCERPT]
    try:
        decision = decide(rule, needs)
    except EndpointRejected as error:
        return Rehearsed(message.id, message.conversation_id, excerpt, None, (), (error.message,), None)
    first, *others = decision.order
    dollars = cost_usd(first, needs.tokens, ANSWER_TOKENS)
    then = tuple(model.label for model in others)
    return Rehearsed(message.id, message.conversation_id, excerpt, first.label, then, decision.reasons, dollars)
