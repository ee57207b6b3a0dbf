"""Writes of this room."""

from uuid import UUID

from django.db import transaction

from parley.core.announce import announce
from parley.core.errors import Invalid
from parley.core.faultpoint import faultpoint
from parley.usage.models import Budget, UsageRecord
from parley.usage.queries import budget_rows
from parley.usage.signals import budget_changed, usage_recorded


def record_usage(
    *,
    workspace_id: UUID,
    user_id: UUID | None,
    generation_id: UUID | None,
    endpoint_id: str | UUID | None,
    model: str,
    input_tokens: int,
    output_tokens: int,
    estimated: bool,
    purpose: str = "answer",
) -> None:
    """Add what one vendor call counted (N9). One statement."""
    UsageRecord.objects.create(
        workspace_id=workspace_id,
        user_id=user_id,
        generation_id=generation_id,
        endpoint_id=endpoint_id or None,
        model=model,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        estimated=estimated,
        purpose=purpose,
    )
    faultpoint("usage.recorded")
    announce(usage_recorded, workspace_id=workspace_id, user_id=user_id, tokens=input_tokens + output_tokens)


def set_budget(workspace_id: UUID, user_id: UUID | None, tokens_per_month: int) -> None:
    """Allow so many tokens a month to a user, or (None) to the whole workspace. 0 allows nothing."""
    if tokens_per_month < 0:
        raise Invalid("A budget is a number of tokens, 0 or more.")
    with transaction.atomic():
        if not budget_rows(workspace_id, user_id).update(tokens_per_month=tokens_per_month):
            Budget.objects.create(workspace_id=workspace_id, user_id=user_id, tokens_per_month=tokens_per_month)
        announce(budget_changed, workspace_id=workspace_id)


def lift_budget(workspace_id: UUID, user_id: UUID | None) -> None:
    """Allow as much as is wanted, again."""
    with transaction.atomic():
        budget_rows(workspace_id, user_id).delete()
        announce(budget_changed, workspace_id=workspace_id)
