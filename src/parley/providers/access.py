"""The only way a door gets an endpoint or a model card. Rows of other workspaces are not found."""

from uuid import UUID

from django.db.models import Q

from parley.accounts.access import Member
from parley.core.errors import NotAllowed, NotFound
from parley.providers.models import Endpoint, ModelCard

NO_ENDPOINT = "There is no such endpoint in this workspace."
NO_MODEL = "There is no such model in this workspace. Choose another."

_OFFERED = Q(enabled=True, available=True, endpoint__enabled=True, endpoint__available=True)

USABLE = _OFFERED & Q(embeds=False)
"""Cards that can be talked to now: switched on, and still offered by an endpoint that is."""

EMBEDDING = _OFFERED & Q(embeds=True)
"""Cards that turn texts into vectors, and can be asked now."""


def check_admin(member: Member) -> None:
    if not member.is_admin:
        raise NotAllowed("Only owners and admins of the workspace may manage its models. Ask one of them.")


def endpoint_for(member: Member, endpoint_id: UUID) -> Endpoint:
    """An endpoint to look at or change: for admins."""
    check_admin(member)
    endpoint = Endpoint.objects.filter(workspace_id=member.workspace_id, id=endpoint_id).first()
    if endpoint is None:
        raise NotFound(NO_ENDPOINT)
    return endpoint


def model_card_for(member: Member, model_card_id: UUID) -> ModelCard:
    """A card that the member may talk to: any usable one of the workspace. Its endpoint comes along."""
    return _card(member, model_card_id, USABLE)


def model_card_to_change(member: Member, model_card_id: UUID) -> ModelCard:
    """A card of the workspace, usable or not: for admins. Its endpoint comes along."""
    check_admin(member)
    return _card(member, model_card_id, Q())


def _card(member: Member, model_card_id: UUID, which: Q) -> ModelCard:
    cards = ModelCard.objects.select_related("endpoint").filter(which, endpoint__workspace_id=member.workspace_id)
    card = cards.filter(id=model_card_id).first()
    if card is None:
        raise NotFound(NO_MODEL)
    return card
