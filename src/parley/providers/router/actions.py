"""Writes of the router: rules, and the decisions that they made. Cards that stand for rules are theirs alone to change."""

from collections.abc import Sequence
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from parley.accounts.access import Member
from parley.core.announce import announce
from parley.core.errors import Conflict, Invalid, NotFound
from parley.providers import signals
from parley.providers.access import NO_MODEL, check_admin
from parley.providers.models import RULE_WIRE, Decision, Endpoint, ModelCard, Rule
from parley.providers.router.rules import dump_steps, given_steps, models_in
from parley.providers.unasked import tell_card

ENDPOINT_NAME = "Rules"
LONGEST_NAME = 120
REASONS_KEPT = 60


class RuleChanges(TypedDict, total=False):
    name: str
    steps: object
    live: bool


def add_rule(member: Member, *, name: str, steps: object, live: bool = False) -> Rule:
    """A rule that can be tried out at once, and answers from when it is live. Raises `NotAllowed`, `NotFound`, `Invalid`."""
    check_admin(member)
    checked = _checked_steps(member, steps)
    with transaction.atomic():
        card = ModelCard(endpoint=_rules_endpoint(member.workspace_id), name=_clean_name(name), enabled=live)
        card.label = card.name
        _save_named(card)
        rule = Rule.objects.create(card=card, steps=checked)
        tell_card(signals.model_card_added, card)
    return rule


def change_rule(member: Member, rule_id: UUID, *, version: int, **changes: Unpack[RuleChanges]) -> Rule:
    """Change what is given. Raises `Conflict` when the rule changed since `version` was read, and as `add_rule`."""
    rule = rule_for(member, rule_id)
    steps = _checked_steps(member, changes["steps"]) if "steps" in changes else rule.steps
    card = rule.card
    if "name" in changes:
        card.name = card.label = _clean_name(changes["name"])
    card.enabled = changes.get("live", card.enabled)
    with transaction.atomic():
        same = Rule.objects.filter(id=rule.id, version=version)
        if same.update(steps=steps, version=F("version") + 1) != 1:
            raise Conflict
        _save_named(card)
        tell_card(signals.model_card_changed, card)
    return rule_for(member, rule_id)


def remove_rule(member: Member, rule_id: UUID) -> None:
    """Its card goes with it, as a model's would. What it decided stays."""
    rule = rule_for(member, rule_id)
    with transaction.atomic():
        rule.card.delete()  # by instance: Django tells other rooms of the card
        announce(signals.endpoint_changed, workspace_id=member.workspace_id, endpoint_id=rule.card.endpoint_id)


def rule_for(member: Member, rule_id: UUID) -> Rule:
    """A rule to look at or change: for admins. Its card and endpoint come along."""
    check_admin(member)
    rows = Rule.objects.select_related("card__endpoint").filter(card__endpoint__workspace_id=member.workspace_id)
    rule = rows.filter(id=rule_id).first()
    if rule is None:
        raise NotFound("There is no such rule in this workspace.")
    return rule


def keep_decision(
    *, workspace_id: UUID, generation_id: UUID, rule_id: UUID, model: str, reasons: Sequence[str], took_us: int
) -> None:
    """Write down which model answered, and why. Safe to run twice: the later attempt is the one that answered."""
    Decision.objects.update_or_create(
        generation_id=generation_id,
        defaults={
            "workspace_id": workspace_id,
            "rule": Rule.objects.filter(id=rule_id).first(),
            "model": model[:200],
            "reasons": list(reasons)[:REASONS_KEPT],
            "took_us": took_us,
        },
    )


def _rules_endpoint(workspace_id: UUID) -> Endpoint:
    """The built-in endpoint below which the cards of rules stand. Made with the first rule."""
    endpoint = Endpoint.objects.filter(workspace_id=workspace_id, wire=RULE_WIRE).first()
    if endpoint is None:
        taken = Endpoint.objects.filter(workspace_id=workspace_id, name=ENDPOINT_NAME).exists()
        name = f"{ENDPOINT_NAME} (built in)" if taken else ENDPOINT_NAME
        endpoint = Endpoint.objects.create(
            workspace_id=workspace_id, wire=RULE_WIRE, name=name, source=Endpoint.Source.BUILT_IN
        )
        announce(signals.endpoint_added, workspace_id=workspace_id, endpoint_id=endpoint.id)
    return endpoint


def _checked_steps(member: Member, given: object) -> object:
    """The steps as they are stored. Every model must be one of this workspace, and none may be a rule itself."""
    steps = given_steps(given)
    if not steps:
        raise Invalid("A rule needs at least one step with a model.")
    wanted = set(models_in(steps))
    cards = ModelCard.objects.filter(id__in=wanted, endpoint__workspace_id=member.workspace_id, embeds=False)
    if cards.exclude(endpoint__wire=RULE_WIRE).count() != len(wanted):
        raise NotFound(NO_MODEL)
    return dump_steps(steps)


def _save_named(card: ModelCard) -> None:
    try:
        with transaction.atomic():
            card.save()
    except IntegrityError:
        raise Invalid(f"There is already a rule called {card.name}. Choose another name.") from None


def _clean_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A rule needs a name of 1 to {LONGEST_NAME} letters.")
    return name
