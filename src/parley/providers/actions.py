"""Writes of this room: endpoints that admins connect or the environment names, and model cards."""

import logging
from collections.abc import Iterable
from itertools import chain, count
from typing import TypedDict, Unpack
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.dispatch import Signal

from parley.accounts.access import Member
from parley.accounts.queries import find_first_workspace
from parley.core.announce import announce
from parley.core.errors import Conflict, EndpointError, Invalid
from parley.core.seal import CannotOpen
from parley.providers import signals
from parley.providers.access import check_admin, endpoint_for, model_card_to_change
from parley.providers.addresses import clean_base_url
from parley.providers.catalogue import LEAST_WINDOW, MOST_WINDOW, facts_of, may_chat
from parley.providers.client import list_models
from parley.providers.discovery import Found, find_ollama, vendors_in_environment
from parley.providers.keys import clean_key
from parley.providers.models import GUIDE_WIRE, Endpoint, ModelCard
from parley.providers.routes import route_of
from parley.providers.vendors import OLLAMA
from parley.providers.wire import ON_SCREEN
from parley.providers.wire.base import ListedModel
from parley.providers.wire.guide import MODEL as GUIDE_MODEL

logger = logging.getLogger(__name__)

GUIDE_NAME = "Parley"
MOST_LETTERS = 120


class EndpointChanges(TypedDict, total=False):
    name: str
    base_url: str
    api_key: str
    enabled: bool


class CardChanges(TypedDict, total=False):
    label: str
    enabled: bool
    context_window: int
    vision: bool
    tools: bool
    prefill: bool


def add_endpoint(member: Member, *, name: str, wire: str, base_url: str, api_key: str) -> Endpoint:
    """Connect a vendor, once it has taken the key. Raises `NotAllowed`, and `Invalid` with the vendor's own reason."""
    check_admin(member)
    endpoint = Endpoint(
        workspace_id=member.workspace_id,
        name=_clean_name(name),
        wire=_known_wire(wire),
        base_url=clean_base_url(base_url),
    )
    endpoint.api_key = clean_key(api_key)
    listed = _listed_live(endpoint)
    with transaction.atomic():
        _save_named(endpoint)
        announce(signals.endpoint_added, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id)
        take_listed(endpoint, listed)
    return endpoint


def change_endpoint(member: Member, endpoint_id: UUID, *, version: int, **changes: Unpack[EndpointChanges]) -> Endpoint:
    """Change what is given. Another address voids the stored key, unless a new one comes along: it was for the old one.

    Raises `Conflict` when the endpoint changed since `version` was read, and otherwise as `add_endpoint`.
    """
    endpoint = endpoint_for(member, endpoint_id)
    if endpoint.version != version:
        raise Conflict
    if endpoint.source != Endpoint.Source.SCREEN and changes.keys() - {"enabled"}:
        raise Invalid(f"{endpoint.name} {_kept_by(endpoint)}, so here it can only be switched on and off.")
    was = endpoint.base_url, endpoint.sealed_key
    _apply(endpoint, changes)
    listed = _listed_live(endpoint) if (endpoint.base_url, endpoint.sealed_key) != was else None
    with transaction.atomic():
        _claim_version(endpoint)
        _save_named(endpoint)
        announce(signals.endpoint_changed, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id)
        if listed is not None:
            take_listed(endpoint, listed)
    return endpoint


def remove_endpoint(member: Member, endpoint_id: UUID) -> None:
    """Its cards go with it. Raises `Invalid` for an endpoint that people did not add."""
    endpoint = endpoint_for(member, endpoint_id)
    if endpoint.source != Endpoint.Source.SCREEN:
        raise Invalid(f"{endpoint.name} {_kept_by(endpoint)}. It can be switched off instead.")
    with transaction.atomic():
        endpoint.delete()  # by instance: Django tells other rooms of each card
        announce(signals.endpoint_removed, workspace_id=member.workspace_id, endpoint_id=endpoint_id)


def refresh_models(member: Member, endpoint_id: UUID) -> list[ModelCard]:
    """Ask the vendor for its models again, and give the cards. Raises the vendor's `EndpointError`."""
    endpoint = endpoint_for(member, endpoint_id)
    take_listed(endpoint, async_to_sync(list_models)(route_of(endpoint)))
    return list(endpoint.model_cards.select_related("endpoint").order_by("name"))


def change_model_card(member: Member, model_card_id: UUID, **changes: Unpack[CardChanges]) -> ModelCard:
    """Correct what Parley believes of a model, rename it, or switch it. Raises `NotAllowed`, `NotFound`, `Invalid`."""
    card = model_card_to_change(member, model_card_id)
    window = changes.get("context_window", card.context_window)
    if not LEAST_WINDOW <= window <= MOST_WINDOW:
        raise Invalid(f"A context window is given in tokens, from {LEAST_WINDOW} to {MOST_WINDOW}.")
    if "label" in changes:
        changes["label"] = _clean_label(changes["label"])
    with transaction.atomic():
        ModelCard.objects.filter(id=card.id).update(**changes)
        _tell_card(signals.model_card_changed, card)
    return model_card_to_change(member, model_card_id)


def ensure_guide(workspace_id: UUID) -> ModelCard:
    """The built-in guide's endpoint and card; makes them when they are missing. Safe to run at each start."""
    with transaction.atomic():
        endpoint = Endpoint.objects.filter(workspace_id=workspace_id, wire=GUIDE_WIRE).first()
        if endpoint is None:
            endpoint = Endpoint(workspace_id=workspace_id, wire=GUIDE_WIRE, source=Endpoint.Source.BUILT_IN)
            _add_unasked(endpoint, GUIDE_NAME)
            listed = ListedModel(GUIDE_MODEL, label="Parley's guide", context_window=MOST_WINDOW, prefill=True)
            take_listed(endpoint, [listed])
    return endpoint.model_cards.get(name=GUIDE_MODEL)


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


def take_listed(endpoint: Endpoint, listed: list[ListedModel]) -> None:
    """Make the cards follow the vendor's list. What a card says is written once, and from then on people's to change."""
    offered = {model.name: model for model in listed if may_chat(model)}
    with transaction.atomic():
        known = {card.name: card for card in endpoint.model_cards.all()}
        new = [_card(endpoint, model) for name, model in offered.items() if name not in known]
        ModelCard.objects.bulk_create(new, ignore_conflicts=True)  # another process may list at the same moment
        for card in known.values():
            if card.available != (card.name in offered):
                ModelCard.objects.filter(id=card.id).update(available=not card.available)
                _tell_card(signals.model_card_changed, card)
        stored = set(endpoint.model_cards.values_list("id", flat=True))
        for card in new:
            if card.id in stored:
                _tell_card(signals.model_card_added, card)


def _take_found(workspace_id: UUID, found: Found) -> Endpoint | None:
    """The endpoint, when it is new or was changed; None when it is as it was."""
    endpoint = _environment_rows(workspace_id).filter(vendor=found.vendor.id).first()
    is_new = endpoint is None
    if endpoint is None:
        endpoint = Endpoint(workspace_id=workspace_id, source=Endpoint.Source.ENVIRONMENT, vendor=found.vendor.id)
    elif endpoint.available and endpoint.base_url == found.base_url and _key_or_none(endpoint) == found.api_key:
        return None
    endpoint.wire, endpoint.base_url, endpoint.available = found.vendor.wire, found.base_url, True
    endpoint.api_key = found.api_key
    with transaction.atomic():
        if is_new:
            _add_unasked(endpoint, found.name)
        else:
            _save_unasked(endpoint)
    return endpoint


def _retire(endpoints: Iterable[Endpoint]) -> None:
    for endpoint in endpoints:
        if endpoint.available:
            endpoint.available, endpoint.api_key = False, ""
            with transaction.atomic():
                _save_unasked(endpoint)


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


def _add_unasked(endpoint: Endpoint, name: str) -> None:
    """Save under `name`, or near it where people have used it up."""
    taken = set(Endpoint.objects.filter(workspace_id=endpoint.workspace_id).values_list("name", flat=True))
    names = chain((name, f"{name} (environment)"), (f"{name} ({number})" for number in count(2)))
    endpoint.name = next(free for free in names if free not in taken)
    endpoint.save()
    announce(signals.endpoint_added, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id)


def _save_unasked(endpoint: Endpoint) -> None:
    """Save what no person may change but `enabled`, which is theirs."""
    Endpoint.objects.filter(id=endpoint.id).update(
        wire=endpoint.wire,
        base_url=endpoint.base_url,
        sealed_key=endpoint.sealed_key,
        available=endpoint.available,
        version=F("version") + 1,
    )
    announce(signals.endpoint_changed, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id)


def _card(endpoint: Endpoint, model: ListedModel) -> ModelCard:
    facts = facts_of(model, endpoint.base_url)
    price = facts.price
    return ModelCard(
        endpoint=endpoint,
        name=model.name,
        label=model.label,
        context_window=facts.context_window,
        vision=facts.vision,
        tools=facts.tools,
        prefill=facts.prefill,
        input_price=price.input if price else None,
        output_price=price.output if price else None,
        cached_price=price.cached if price else None,
    )


def _listed_live(endpoint: Endpoint) -> list[ListedModel]:
    try:
        return async_to_sync(list_models)(route_of(endpoint))
    except EndpointError as error:
        raise Invalid(error.message) from error


def _apply(endpoint: Endpoint, changes: EndpointChanges) -> None:
    if "name" in changes:
        endpoint.name = _clean_name(changes["name"])
    if "base_url" in changes:
        address = clean_base_url(changes["base_url"])
        if address != endpoint.base_url:
            endpoint.base_url, endpoint.api_key = address, ""
    if "api_key" in changes:
        endpoint.api_key = clean_key(changes["api_key"])
    if "enabled" in changes:
        endpoint.enabled = changes["enabled"]


def _claim_version(endpoint: Endpoint) -> None:
    rows = Endpoint.objects.filter(id=endpoint.id, version=endpoint.version)
    if rows.update(version=F("version") + 1) != 1:
        raise Conflict
    endpoint.version += 1


def _save_named(endpoint: Endpoint) -> None:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError:
        raise Invalid(f"There is already an endpoint called {endpoint.name}. Choose another name.") from None


def _tell_card(signal: Signal, card: ModelCard) -> None:
    endpoint = card.endpoint
    announce(signal, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id, model_card_id=card.id)


def _clean_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > MOST_LETTERS or not name.isprintable():
        raise Invalid(f"An endpoint needs a name of 1 to {MOST_LETTERS} letters.")
    return name


def _clean_label(typed: str) -> str:
    label = " ".join(typed.split())
    if len(label) > MOST_LETTERS or not label.isprintable():
        raise Invalid(f"A model's label has at most {MOST_LETTERS} letters; an empty one falls back on its name.")
    return label


def _known_wire(name: str) -> str:
    if name not in ON_SCREEN:
        raise Invalid(f"Parley speaks no wire called '{name[:40]}'. Choose one of: {', '.join(ON_SCREEN)}.")
    return name


def _kept_by(endpoint: Endpoint) -> str:
    if endpoint.source == Endpoint.Source.ENVIRONMENT:
        return "follows the environment that Parley was started with"
    return "is built in"
