"""From a model card's id to all that a turn needs to ask that model: cached in the process, so a warm turn asks no SQL.

This room's signals empty the cache in the process that made the change; in others a hint does, or the entry's short life.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from parley.core.errors import EndpointRefused, NotFound
from parley.core.remember import LIFE_S, Remembered
from parley.core.seal import CannotOpen
from parley.providers.access import NO_MODEL, USABLE
from parley.providers.models import Endpoint, ModelCard
from parley.providers.routed import LoadedRule, RoutedModel
from parley.providers.router.rules import Step, models_in, steps_of
from parley.providers.values import Route

KEPT_S: Final = LIFE_S


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
    return Route(
        str(endpoint.id),
        endpoint.wire,
        endpoint.base_url,
        api_key,
        max_concurrent=endpoint.max_concurrent,
        tokens_per_minute=endpoint.tokens_per_minute,
    )


def routed(card: ModelCard) -> RoutedModel:
    """A card, with its endpoint, as a turn needs it. Raises `EndpointRefused` when the stored key does not open."""
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
        input_price=card.input_price,
        output_price=card.output_price,
        cached_price=card.cached_price,
        dollars_per_month=card.endpoint.dollars_per_month,
        score=card.score,
        ratings=card.ratings,
    )


def loaded_rule(rule_id: UUID, name: str, steps: tuple[Step, ...], workspace_id: UUID) -> LoadedRule:
    """A rule with those of its models that can be asked now. One query."""
    cards = ModelCard.objects.select_related("endpoint").filter(
        USABLE, id__in=models_in(steps), endpoint__workspace_id=workspace_id
    )
    return LoadedRule(rule_id, name, steps, {card.id: routed(card) for card in cards if not card.is_rule})


def _load(model_card_id: UUID) -> RoutedModel:
    card = ModelCard.objects.select_related("endpoint", "rule").filter(id=model_card_id).first()
    if card is None:
        raise NotFound(NO_MODEL)
    if not card.is_usable:
        raise NotFound(f"The model {card} is switched off or no longer offered. Choose another for this bot.")
    return _ruled(card) if card.is_rule else routed(card)


def _ruled(card: ModelCard) -> RoutedModel:
    rule = loaded_rule(card.rule.id, str(card), steps_of(card.rule.steps), card.endpoint.workspace_id)
    models = rule.models.values()
    if not models:
        raise NotFound(f"All models of the rule {card} are switched off or gone. Choose a model, or mend the rule.")
    return replace(
        routed(card),
        context_window=max(model.context_window for model in models),
        vision=any(model.vision for model in models),
        tools=any(model.tools for model in models),
        prefill=all(model.prefill for model in models),  # whoever goes on with an answer must be able to
        rule=rule,
    )


_models = Remembered(_load, seconds=KEPT_S)
