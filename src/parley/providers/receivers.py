"""What this room does when something happens in it."""

from uuid import UUID

from django.dispatch import receiver

from parley.providers.breaker import forget_breaker
from parley.providers.routes import forget_models
from parley.providers.signals import (
    endpoint_added,
    endpoint_changed,
    endpoint_removed,
    model_card_added,
    model_card_changed,
)


@receiver([endpoint_added, model_card_added, model_card_changed])
def _forget(sender: object, **fact: object) -> None:
    forget_models()


@receiver([endpoint_changed, endpoint_removed])
def _forget_endpoint(sender: object, endpoint_id: UUID, **fact: object) -> None:
    forget_models()
    forget_breaker(str(endpoint_id))
