"""Reads of the router, each with a fixed number of queries."""

from uuid import UUID

from parley.accounts.access import Member
from parley.core.errors import NotFound
from parley.providers.access import check_admin
from parley.providers.models import Decision, Rule


def list_rules(member: Member) -> list[Rule]:
    """For admins, by name. One query."""
    check_admin(member)
    rows = Rule.objects.filter(card__endpoint__workspace_id=member.workspace_id)
    return list(rows.select_related("card__endpoint").order_by("card__name"))


def decision_of(workspace_id: UUID, generation_id: UUID) -> Decision:
    """Why this model. The caller has made sure that the generation is this person's. Raises `NotFound`."""
    rows = Decision.objects.select_related("rule__card").filter(workspace_id=workspace_id)
    decision = rows.filter(generation_id=generation_id).first()
    if decision is None:
        raise NotFound("No rule decided which model wrote this reply: its bot names the model itself.")
    return decision
