"""The doors of the router: rules that admins make, a try on past conversations, and why a model was chosen."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from parley.accounts.access import Member
from parley.api.bodies import Body
from parley.api.who import member_of
from parley.engine.access import generation_for, generation_of_answer
from parley.engine.rehearsal import MOST_TRIED, Rehearsed, rehearse
from parley.providers.models import Rule
from parley.providers.router import actions, queries
from parley.providers.router.rules import Step, steps_of

router = Router(tags=["rules"])


class RuleOut(Schema):
    """`model`: the card that stands for the rule wherever a model is chosen. It answers while it is `live`."""

    id: UUID
    name: str
    model: UUID
    live: bool
    steps: list[Step]
    version: int


class Rules(Schema):
    items: list[RuleOut]
    next: str | None = None


class RuleIn(Body):
    name: str
    steps: list[Step]
    live: bool = False


class RuleChange(Body):
    """What is left out stays as it is."""

    version: int
    name: str | None = None
    steps: list[Step] | None = None
    live: bool | None = None


class TryBody(Body):
    """`messages`: how many of your own newest ones."""

    steps: list[Step]
    messages: int = Field(20, ge=1, le=MOST_TRIED)


class TriedOut(Schema):
    """`dollars`: what the answer would cost, estimated; null where a price is not known."""

    message: UUID
    conversation: UUID
    excerpt: str
    model: str | None
    then: list[str]
    reasons: list[str]
    dollars: float | None


class Tried(Schema):
    items: list[TriedOut]
    next: str | None = None


class DecisionOut(Schema):
    rule: str | None
    model: str
    reasons: list[str]
    took_us: int


@router.get("/rules", response=Rules)
def list_rules(request: HttpRequest) -> Rules:
    return Rules(items=[_rule(rule) for rule in queries.list_rules(member_of(request))])


@router.post("/rules", response={201: RuleOut})
def add_rule(request: HttpRequest, body: RuleIn) -> Status[RuleOut]:
    """A bot names it where it would name a model, once it is live."""
    steps = [step.model_dump(mode="json") for step in body.steps]
    rule = actions.add_rule(member_of(request), name=body.name, steps=steps, live=body.live)
    return Status(201, _rule(actions.rule_for(member_of(request), rule.id)))


@router.patch("/rules/{uuid:rule_id}", response=RuleOut)
def change_rule(request: HttpRequest, rule_id: UUID, body: RuleChange) -> RuleOut:
    """409 when `version` is stale."""
    changes = {
        name: value for name, value in body.model_dump(mode="json", exclude_unset=True).items() if value is not None
    }
    return _rule(actions.change_rule(member_of(request), rule_id, **changes))


@router.delete("/rules/{uuid:rule_id}", response={204: None})
def remove_rule(request: HttpRequest, rule_id: UUID) -> Status[None]:
    actions.remove_rule(member_of(request), rule_id)
    return Status(204, None)


@router.post("/rules/try", response=Tried)
def try_rule(request: HttpRequest, body: TryBody) -> Tried:
    """Which model these steps would choose for your own newest messages, and why. No model is asked."""
    steps = [step.model_dump(mode="json") for step in body.steps]
    tried = rehearse(member_of(request), steps, messages=body.messages)
    return Tried(items=[_tried(one) for one in tried])


@router.get("/generations/{uuid:generation_id}/decision", response=DecisionOut)
def why_this_model(request: HttpRequest, generation_id: UUID) -> DecisionOut:
    member = member_of(request)
    return _decision(member, generation_for(member, generation_id).id)


@router.get("/messages/{uuid:message_id}/decision", response=DecisionOut)
def why_this_answer(request: HttpRequest, message_id: UUID) -> DecisionOut:
    """The same by the answer, whose generation nobody remembers once it has ended."""
    member = member_of(request)
    return _decision(member, generation_of_answer(member, message_id).id)


def _decision(member: Member, generation_id: UUID) -> DecisionOut:
    decision = queries.decision_of(member.workspace_id, generation_id)
    return DecisionOut(
        rule=str(decision.rule) if decision.rule else None,
        model=decision.model,
        reasons=decision.reasons,
        took_us=decision.took_us,
    )


def _rule(rule: Rule) -> RuleOut:
    steps = list(steps_of(rule.steps))
    return RuleOut(
        id=rule.id, name=rule.card.name, model=rule.card_id, live=rule.card.enabled, steps=steps, version=rule.version
    )


def _tried(one: Rehearsed) -> TriedOut:
    return TriedOut(
        message=one.message_id,
        conversation=one.conversation_id,
        excerpt=one.excerpt,
        model=one.model,
        then=list(one.then),
        reasons=list(one.reasons),
        dollars=one.dollars,
    )
