"""Writes of this room that no person asked for: rows that follow the environment, an Ollama beside us, and vendors' lists."""

import logging
from collections.abc import Iterable
from itertools import chain, count
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import F, QuerySet
from django.dispatch import Signal

from parley.accounts.queries import find_first_workspace
from parley.core.announce import announce
from parley.core.errors import EndpointError
from parley.core.seal import CannotOpen
from parley.providers import signals
from parley.providers.catalogue import MOST_WINDOW, facts_of, may_chat, may_embed
from parley.providers.client import list_models
from parley.providers.discovery import Found, find_ollama, vendors_in_environment
from parley.providers.models import GUIDE_WIRE, Endpoint, ModelCard
from parley.providers.routes import route_of
from parley.providers.vendors import MODEL_SERVICE, OLLAMA
from parley.providers.wire.base import ListedModel
from parley.providers.wire.guide import MODEL as GUIDE_MODEL

logger = logging.getLogger(__name__)

GUIDE_NAME = "Parley"
# What a vendor's list may change on a card, unless a person has corrected it.
FACTS = ("context_window", "vision", "tools", "prefill", "embeds", "input_price", "output_price", "cached_price")


def ensure_guide(workspace_id: UUID) -> ModelCard:
    """The built-in guide's endpoint and card; makes them when they are missing. Safe to run at each start."""
    with transaction.atomic():
        endpoint = Endpoint.objects.filter(workspace_id=workspace_id, wire=GUIDE_WIRE).first()
        if endpoint is None:
            endpoint = Endpoint(workspace_id=workspace_id, wire=GUIDE_WIRE, source=Endpoint.Source.BUILT_IN)
            _add(endpoint, GUIDE_NAME)
            listed = ListedModel(GUIDE_MODEL, label="Parley's guide", context_window=MOST_WINDOW, prefill=True)
            take_listed(endpoint, [listed])
    return endpoint.model_cards.get(name=GUIDE_MODEL)


def keep_score(model_card_id: UUID, *, score: float | None, ratings: int) -> None:
    """What people's ratings say of a model, for rules that choose by it. Nobody is told: routes are read anew within seconds."""
    ModelCard.objects.filter(id=model_card_id).update(score=score, ratings=ratings)


def sync_environment() -> None:
    """Make the first workspace's endpoints follow the environment. Quick, for each start: nobody is called.

    A variable that is gone takes its endpoint out of use and out of sight, with its key; the row stays, since bots point
    at its cards, and with it whether people had switched it off. An Ollama is left to `refresh_catalogue`.
    """
    workspace = find_first_workspace()
    if workspace is None:
        return
    found = vendors_in_environment()
    for one in found:
        _take_found(workspace.id, one)
    kept = {OLLAMA.id, *(one.vendor.id for one in found)}
    _retire(_environment_rows(workspace.id).exclude(vendor__in=kept))


def refresh_catalogue() -> None:
    """Look for an Ollama on this machine, then ask each vendor in use for its models. Slow: for the background."""
    look_for_ollama(retire=True)
    rows = Endpoint.objects.filter(enabled=True, available=True).exclude(source=Endpoint.Source.BUILT_IN)
    for endpoint in rows:
        _list_quietly(endpoint)


def look_for_ollama(*, retire: bool = False) -> None:
    """Connect an Ollama that was started meanwhile. `retire`: take one that does not answer out of use."""
    workspace = find_first_workspace()
    if workspace is None or any(one.vendor is OLLAMA for one in vendors_in_environment()):
        return
    found = find_ollama()
    if found is not None:
        endpoint = _take_found(workspace.id, found)
        if endpoint is not None:
            _list_quietly(endpoint)
    elif retire:
        _retire(_environment_rows(workspace.id).filter(vendor=OLLAMA.id))


def list_model_service() -> None:
    """Take what the model service of this machine offers now."""
    for endpoint in Endpoint.objects.filter(vendor=MODEL_SERVICE.id, enabled=True, available=True):
        _list_quietly(endpoint)


def take_listed(endpoint: Endpoint, listed: list[ListedModel]) -> None:
    """Make the cards follow the vendor's list: which models there are, and what is known of them.

    What a person has corrected on a card stays as they left it, and a model that a person has typed is there whatever is
    listed.
    """
    offered = {model.name: model for model in listed if may_chat(model) or may_embed(model)}
    with transaction.atomic():
        known = {card.name: card for card in endpoint.model_cards.all()}
        new = [new_card(endpoint, model) for name, model in offered.items() if name not in known]
        ModelCard.objects.bulk_create(new, ignore_conflicts=True)  # another process may list at the same moment
        for card in known.values():
            _follow(card, endpoint, offered.get(card.name))
        stored = set(endpoint.model_cards.values_list("id", flat=True))
        for card in new:
            if card.id in stored:
                tell_card(signals.model_card_added, card)


def new_card(endpoint: Endpoint, model: ListedModel) -> ModelCard:
    """A card that says what is known; not yet saved."""
    return ModelCard(endpoint=endpoint, name=model.name, label=model.label, **_facts(endpoint, model))


def _follow(card: ModelCard, endpoint: Endpoint, model: ListedModel | None) -> None:
    changes: dict[str, object] = {}
    if card.available != (model is not None or card.typed):
        changes["available"] = not card.available
    if model is not None:
        facts = _facts(endpoint, model)
        changes |= {
            name: facts[name] for name in FACTS if name not in card.corrected and facts[name] != getattr(card, name)
        }
    if changes:
        ModelCard.objects.filter(id=card.id).update(**changes)
        tell_card(signals.model_card_changed, card)


def _facts(endpoint: Endpoint, model: ListedModel) -> dict[str, Any]:  # Any: of several types, as the columns are
    facts = facts_of(model, endpoint.base_url)
    price = facts.price
    return {
        "context_window": facts.context_window,
        "vision": facts.vision,
        "tools": facts.tools,
        "prefill": facts.prefill,
        "embeds": facts.embeds,
        "input_price": price.input if price else None,
        "output_price": price.output if price else None,
        "cached_price": price.cached if price else None,
    }


def _take_found(workspace_id: UUID, found: Found) -> Endpoint | None:
    """The endpoint, when it is new or was changed; None when it is as it was."""
    endpoint = _environment_rows(workspace_id).filter(vendor=found.vendor.id).first()
    is_new = endpoint is None
    if endpoint is None:
        endpoint = Endpoint(workspace_id=workspace_id, source=Endpoint.Source.ENVIRONMENT, vendor=found.vendor.id)
    elif _is_as_found(endpoint, found):
        return None
    endpoint.wire, endpoint.base_url, endpoint.available = found.vendor.wire, found.base_url, True
    endpoint.api_key = found.api_key
    with transaction.atomic():
        if is_new:
            _add(endpoint, found.name)
        else:
            _save(endpoint)
    return endpoint


def _is_as_found(endpoint: Endpoint, found: Found) -> bool:
    was = endpoint.available, endpoint.wire, endpoint.base_url, _key_or_none(endpoint)
    return was == (True, found.vendor.wire, found.base_url, found.api_key)


def _retire(endpoints: Iterable[Endpoint]) -> None:
    for endpoint in endpoints:
        if endpoint.available:
            endpoint.available, endpoint.api_key = False, ""
            with transaction.atomic():
                _save(endpoint)


def _list_quietly(endpoint: Endpoint) -> None:
    try:
        take_listed(endpoint, async_to_sync(list_models)(route_of(endpoint)))
    except EndpointError as error:
        logger.warning("the models of %s were not listed: %s", endpoint.name, error.message)


def _environment_rows(workspace_id: UUID) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(workspace_id=workspace_id, source=Endpoint.Source.ENVIRONMENT)


def _key_or_none(endpoint: Endpoint) -> str | None:
    try:
        return endpoint.api_key
    except CannotOpen:
        return None


def _add(endpoint: Endpoint, name: str) -> None:
    """Save under `name`, or near it where people have used it up."""
    taken = set(Endpoint.objects.filter(workspace_id=endpoint.workspace_id).values_list("name", flat=True))
    names = chain((name, f"{name} (environment)"), (f"{name} ({number})" for number in count(2)))
    endpoint.name = next(free for free in names if free not in taken)
    endpoint.save()
    announce(signals.endpoint_added, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id)


def _save(endpoint: Endpoint) -> None:
    """Save what no person may change but `enabled`, which is theirs."""
    Endpoint.objects.filter(id=endpoint.id).update(
        wire=endpoint.wire,
        base_url=endpoint.base_url,
        sealed_key=endpoint.sealed_key,
        available=endpoint.available,
        version=F("version") + 1,
    )
    announce(signals.endpoint_changed, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id)


def tell_card(signal: Signal, card: ModelCard) -> None:
    endpoint = card.endpoint
    announce(signal, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id, model_card_id=card.id)
