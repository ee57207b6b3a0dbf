"""Reads of this room, each with a fixed number of queries."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q

from parley.accounts.access import Member
from parley.core.errors import EndpointRefused
from parley.providers.access import EMBEDDING, USABLE, check_admin, endpoint_for
from parley.providers.breaker import Health, health_of
from parley.providers.keys import last_four
from parley.providers.models import RULE_WIRE, Endpoint, ModelCard
from parley.providers.routes import route_of
from parley.providers.vendors import MODEL_SERVICE

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class ListedEndpoint:
    """An endpoint as an admin sees it: how many models it offers, and how the last call to it went in this process."""

    endpoint: Endpoint
    models: int
    key_last4: str
    health: Health = field(default_factory=Health)


def list_endpoints(member: Member) -> list[ListedEndpoint]:
    """For admins, by name: what is in sight, so not those whose variable is gone from the environment. One query."""
    check_admin(member)
    rows = Endpoint.objects.filter(workspace_id=member.workspace_id, available=True).exclude(wire=RULE_WIRE)
    counted = rows.annotate(models=Count("model_cards", filter=Q(model_cards__available=True)))
    return [_listed(row, row.models) for row in counted.order_by("name")]


def lacks_local_card(names: list[str]) -> bool:
    """Whether one of these models of this machine cannot be chosen yet. One query, none without names."""
    if not names:
        return False
    cards = ModelCard.objects.filter(endpoint__vendor=MODEL_SERVICE.id, available=True, name__in=names)
    return cards.values("name").distinct().count() < len(set(names))


def listed_endpoint_for(member: Member, endpoint_id: UUID) -> ListedEndpoint:
    """One endpoint in the same form. Two queries. Raises as `endpoint_for`."""
    endpoint = endpoint_for(member, endpoint_id)
    return _listed(endpoint, endpoint.model_cards.filter(available=True).count())


def list_model_cards(member: Member, *, unusable_too: bool = False, words: str = "") -> list[ModelCard]:
    """What the member may talk to, by endpoint and name. One query.

    `unusable_too`, for admins: what is switched off as well. `words`: only those in whose name, label or endpoint each of
    these words stands.
    """
    which = USABLE
    if unusable_too:
        check_admin(member)
        which = Q(available=True, endpoint__available=True)
    for word in words.split()[:MOST_WORDS]:
        which &= Q(name__icontains=word) | Q(label__icontains=word) | Q(endpoint__name__icontains=word)
    cards = ModelCard.objects.filter(which, endpoint__workspace_id=member.workspace_id)
    return list(cards.select_related("endpoint").order_by("endpoint__name", "name"))


def list_embedding_cards(member: Member) -> list[ModelCard]:
    """What turns texts into vectors for the member now, by name and endpoint. One query."""
    cards = ModelCard.objects.filter(EMBEDDING, endpoint__workspace_id=member.workspace_id)
    return list(cards.select_related("endpoint").order_by("name", "endpoint__name"))


def find_embedding_card(member: Member, name: str) -> ModelCard | None:
    """The card of this name or id; of several with one name, that of the endpoint whose name comes first. One query."""
    return next((card for card in list_embedding_cards(member) if name in (card.name, str(card.id))), None)


def _listed(endpoint: Endpoint, models: int) -> ListedEndpoint:
    try:
        key = route_of(endpoint).api_key
    except EndpointRefused as error:
        return ListedEndpoint(endpoint, models, "", Health("failing", error.message))
    return ListedEndpoint(endpoint, models, last_four(key), health_of(str(endpoint.id)))
