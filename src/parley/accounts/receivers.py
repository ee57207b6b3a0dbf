"""What accounts does about its own facts, and about those of Django and allauth."""

from typing import Any
from uuid import UUID

from parley.accounts.member_cache import members


def forget_member(sender: object, user_id: UUID, **fact: Any) -> None:
    """What changed about a person is felt by their next request."""
    members.forget(user_id)
