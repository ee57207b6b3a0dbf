"""Reads of the router, each with a fixed number of queries."""

from uuid import UUID

from django.db.models import Q

from parley.accounts.access import Member
from parley.core.errors import NotFound
from parley.providers.access import check_admin
from parley.providers.models import RULE_WIRE, Decision, ModelCard, Rule


def list_rules(member: Member) -> list[Rule]:
    """For admins, by name. One query."""
    check_admin(member)
    rows = Rule.objects.filter(card__endpoint__workspace_id=member.workspace_id)
    return list(rows.select_related("card__endpoint").order_by("card__name"))


def card_chosen_for(workspace_id: UUID, generation_id: UUID) -> UUID | None:
    """The model card that a rule let answer; None where no rule decided, or the model is gone. Two queries."""
    decision = Decision.objects.filter(workspace_id=workspace_id, generation_id=generation_id).first()
    if decision is None:
        return None
    named = Q(label=decision.model) | Q(label="", name=decision.model)
    cards = ModelCard.objects.filter(named, endpoint__workspace_id=workspace_id).exclude(endpoint__wire=RULE_WIRE)
    return cards.values_list("id", flat=True).first()


def decision_of(workspace_id: UUID, generation_id: UUID) -> Decision:
    """Why this model. The caller has made sure that the generation is this person's. Raises `NotFound`."""
    rows = Decision.objects.select_related("rule__card").filter(workspace_id=workspace_id)
    decision = rows.filter(generation_id=generation_id).first()
    if decision is None:
        raise NotFound("No rule decided which model wrote this reply: its bot names the model itself.")
    return decision
