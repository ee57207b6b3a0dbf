"""Writes of this room."""

from uuid import UUID

from parley.core.announce import announce
from parley.usage.models import UsageRecord
from parley.usage.signals import usage_recorded


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
    announce(usage_recorded, workspace_id=workspace_id, user_id=user_id, tokens=input_tokens + output_tokens)
