"""From a model card's id to all that a turn needs to ask that model: cached in the process, so a warm turn asks no SQL.

This room's signals empty the cache in the process that made the change; in others a hint does, or the entry's short life.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from parley.core.errors import EndpointRefused, NotFound
from parley.core.remember import LIFE_S, Remembered
from parley.core.seal import CannotOpen
from parley.providers.access import NO_MODEL
from parley.providers.models import Endpoint, ModelCard
from parley.providers.values import Route

KEPT_S: Final = LIFE_S


@dataclass(frozen=True, slots=True)
class RoutedModel:
    """A model card as a turn needs it. `name` is the vendor's spelling, `context_window` is in tokens."""

    id: UUID
    workspace_id: UUID
    name: str
    label: str
    context_window: int
    vision: bool
    tools: bool
    prefill: bool
    is_guide: bool
    route: Route


def model_for(model_card_id: UUID) -> RoutedModel:
    """Raises `NotFound` when the card is gone or switched off, `EndpointRefused` when the stored key does not open.

    Asks SQL when the cache is cold, so a coroutine calls it in a thread.
    """
    return _models(model_card_id)


def forget_models() -> None:
    """A card or an endpoint changed."""
    _models.forget()


def route_of(endpoint: Endpoint) -> Route:
    """Raises `EndpointRefused` when the stored key does not open."""
    try:
        api_key = endpoint.api_key
    except CannotOpen:
        raise EndpointRefused(
            f"The stored key of {endpoint.name} does not open: DATA/secret.key was replaced. "
            "An owner or admin can enter the key again under Settings, Models."
        ) from None
    return Route(str(endpoint.id), endpoint.wire, endpoint.base_url, api_key)


def _load(model_card_id: UUID) -> RoutedModel:
    card = ModelCard.objects.select_related("endpoint").filter(id=model_card_id).first()
    if card is None:
        raise NotFound(NO_MODEL)
    if not card.is_usable:
        raise NotFound(f"The model {card} is switched off or no longer offered. Choose another for this bot.")
    return RoutedModel(
        id=card.id,
        workspace_id=card.endpoint.workspace_id,
        name=card.name,
        label=str(card),
        context_window=card.context_window,
        vision=card.vision,
        tools=card.tools,
        prefill=card.prefill,
        is_guide=card.is_guide,
        route=route_of(card.endpoint),
    )


_models = Remembered(_load, seconds=KEPT_S)
