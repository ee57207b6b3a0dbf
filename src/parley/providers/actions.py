"""Writes of this room that people ask for: endpoints they connect, and model cards. What nobody asks for: `unasked.py`."""

from collections.abc import Sequence
from typing import TypedDict, Unpack
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.db.models import F

from parley.accounts.access import Member
from parley.core.announce import announce
from parley.core.errors import Conflict, EndpointError, Invalid
from parley.providers import signals
from parley.providers.access import check_admin, endpoint_for, model_card_to_change
from parley.providers.addresses import clean_base_url
from parley.providers.catalogue import LEAST_WINDOW, MOST_WINDOW, may_embed
from parley.providers.client import check_model, list_models
from parley.providers.embedding import check_embedding
from parley.providers.keys import clean_key
from parley.providers.models import Endpoint, ModelCard
from parley.providers.routes import route_of
from parley.providers.unasked import new_card, take_listed, tell_card
from parley.providers.wire import ON_SCREEN
from parley.providers.wire.base import ListedModel

MOST_LETTERS = 120
LONGEST_NAME = 200
MOST_TYPED = 50  # model names at once
DEAREST = 100_000  # dollars a million tokens


class EndpointChanges(TypedDict, total=False):
    name: str
    base_url: str
    api_key: str
    enabled: bool
    max_concurrent: int | None
    tokens_per_minute: int | None
    dollars_per_month: float | None


class CardChanges(TypedDict, total=False):
    label: str
    enabled: bool
    context_window: int
    vision: bool
    tools: bool
    prefill: bool
    input_price: float | None
    output_price: float | None
    cached_price: float | None


LIMITS = frozenset({"max_concurrent", "tokens_per_minute", "dollars_per_month"})


def add_endpoint(
    member: Member, *, name: str, wire: str, base_url: str, api_key: str, models: Sequence[str] = ()
) -> Endpoint:
    """Connect a vendor, once it has taken the key. Raises `NotAllowed`, and `Invalid` with the vendor's own reason.

    `models`: names for a vendor that lists none; then the first of them is asked for a word in place of the list.
    """
    check_admin(member)
    endpoint = Endpoint(
        workspace_id=member.workspace_id,
        name=_clean_name(name),
        wire=_known_wire(wire),
        base_url=clean_base_url(base_url),
    )
    endpoint.api_key = clean_key(api_key)
    typed = _clean_model_names(models)
    listed = _seen_live(endpoint, typed)
    with transaction.atomic():
        _save_named(endpoint)
        announce(signals.endpoint_added, workspace_id=endpoint.workspace_id, endpoint_id=endpoint.id)
        take_listed(endpoint, listed)
        _add_typed(endpoint, typed)
    return endpoint


def add_model_card(member: Member, endpoint_id: UUID, name: str) -> ModelCard:
    """A model that the vendor does not list, once it has said a word. Raises `NotAllowed`, `NotFound`, `Invalid`."""
    endpoint = endpoint_for(member, endpoint_id)
    (name,) = _clean_model_names([name]) or [""]
    if not name:
        raise Invalid("A model needs its name, as the vendor spells it.")
    if endpoint.model_cards.filter(name=name, available=True).exists():
        raise Invalid(f"{endpoint.name} has a model called {name} already.")
    _check_live(endpoint, name)
    with transaction.atomic():
        _add_typed(endpoint, [name])
    return endpoint.model_cards.select_related("endpoint").get(name=name)


def change_endpoint(member: Member, endpoint_id: UUID, *, version: int, **changes: Unpack[EndpointChanges]) -> Endpoint:
    """Change what is given. Another address voids the stored key, unless a new one comes along: it was for the old one.

    Raises `Conflict` when the endpoint changed since `version` was read, and otherwise as `add_endpoint`.
    """
    endpoint = endpoint_for(member, endpoint_id)
    if endpoint.version != version:
        raise Conflict
    if endpoint.source != Endpoint.Source.SCREEN and changes.keys() - {"enabled", *LIMITS}:
        raise Invalid(f"{endpoint.name} {_kept_by(endpoint)}, so here it can only be limited and switched on and off.")
    was = endpoint.base_url, endpoint.sealed_key
    _apply(endpoint, changes)
    typed = list(endpoint.model_cards.filter(typed=True).values_list("name", flat=True))
    listed = _seen_live(endpoint, typed) if (endpoint.base_url, endpoint.sealed_key) != was else None
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
    prices = (changes.get("input_price"), changes.get("output_price"), changes.get("cached_price"))
    if not all(price is None or 0 <= price < DEAREST for price in prices):
        raise Invalid(f"A price is given in US dollars a million tokens, from 0 to {DEAREST}.")
    corrected = sorted({*card.corrected, *(changes.keys() - {"label", "enabled"})})
    with transaction.atomic():
        ModelCard.objects.filter(id=card.id).update(**changes, corrected=corrected)
        tell_card(signals.model_card_changed, card)
    return model_card_to_change(member, model_card_id)


def _seen_live(endpoint: Endpoint, typed: Sequence[str]) -> list[ListedModel]:
    """What the vendor lists; where models were typed, one of them must say a word, and there need be no list."""
    if typed:
        _check_live(endpoint, typed[0])
    try:
        return async_to_sync(list_models)(route_of(endpoint))
    except EndpointError as error:
        if typed:
            return []
        raise Invalid(error.message) from error


def _check_live(endpoint: Endpoint, model: str) -> None:
    """It must say a word or, where its name says that it embeds, turn one into a vector."""
    check = check_embedding if may_embed(ListedModel(model)) else check_model
    try:
        async_to_sync(check)(route_of(endpoint), model)
    except EndpointError as error:
        raise Invalid(error.message) from error


def _add_typed(endpoint: Endpoint, names: Sequence[str]) -> None:
    for name in names:
        if endpoint.model_cards.filter(name=name).update(typed=True, available=True):
            continue
        card = new_card(endpoint, ListedModel(name))
        card.typed = True
        card.save()
        tell_card(signals.model_card_added, card)


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
    if "max_concurrent" in changes:
        endpoint.max_concurrent = changes["max_concurrent"]
    if "tokens_per_minute" in changes:
        endpoint.tokens_per_minute = changes["tokens_per_minute"]
    if "dollars_per_month" in changes:
        endpoint.dollars_per_month = changes["dollars_per_month"]


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


def _clean_model_names(typed: Sequence[str]) -> list[str]:
    names = list(dict.fromkeys(name for given in typed if (name := given.strip())))
    if len(names) > MOST_TYPED:
        raise Invalid(f"Type at most {MOST_TYPED} models at once.")
    for name in names:
        if len(name) > LONGEST_NAME or not name.isprintable() or " " in name:
            raise Invalid(f"'{name[:40]}' is no name of a model. Write it as the vendor spells it, without spaces.")
    return names


def _known_wire(name: str) -> str:
    if name not in ON_SCREEN:
        raise Invalid(f"Parley speaks no wire called '{name[:40]}'. Choose one of: {', '.join(ON_SCREEN)}.")
    return name


def _kept_by(endpoint: Endpoint) -> str:
    if endpoint.source == Endpoint.Source.ENVIRONMENT:
        return "follows the environment that Parley was started with"
    return "is built in"
