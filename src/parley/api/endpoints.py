"""The doors of endpoints: the vendors Parley knows, and what the workspace has connected. For admins but for the first."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, SecretStr

from parley.api.models import Model, Models, model_out
from parley.api.who import member_of
from parley.bots.queries import default_bots_of
from parley.providers import actions, queries
from parley.providers.queries import ListedEndpoint
from parley.providers.vendors import VENDORS

router = Router(tags=["endpoints"])


class VendorOut(Schema):
    id: str
    label: str
    wire: str
    base_url: str
    key_url: str
    needs_key: bool


class Vendors(Schema):
    items: list[VendorOut]
    next: str | None = None


class EndpointOut(Schema):
    """`health` is how the last call went; `problem` says what was wrong with it. Limits are null where there is none."""

    id: UUID
    name: str
    wire: str
    base_url: str
    key_last4: str
    source: str
    enabled: bool
    max_concurrent: int | None
    tokens_per_minute: int | None
    dollars_per_month: float | None
    version: int
    models: int
    health: Literal["ok", "failing", "unknown"]
    problem: str | None


class Endpoints(Schema):
    items: list[EndpointOut]
    next: str | None = None


class EndpointIn(Schema):
    """`models`: names for a vendor that lists none."""

    name: str
    wire: str = "openai"
    base_url: str
    api_key: SecretStr = SecretStr("")
    models: list[str] = []


class EndpointChange(Schema):
    """What is left out stays as it is. An empty `api_key` takes the key away; null lifts a limit."""

    version: int
    name: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    enabled: bool | None = None
    max_concurrent: int | None = Field(None, ge=0, le=100_000)
    tokens_per_minute: int | None = Field(None, ge=0, le=2**31 - 1)
    dollars_per_month: float | None = Field(None, ge=0, le=1e9)


class TypedModel(Schema):
    """A model's name as the vendor spells it."""

    name: str


@router.get("/vendors", response=Vendors)
def list_vendors(request: HttpRequest) -> Vendors:
    """Whom one can connect, with where to get a key."""
    return Vendors(items=[VendorOut.from_orm(vendor) for vendor in VENDORS])


@router.get("/endpoints", response=Endpoints)
def list_endpoints(request: HttpRequest) -> Endpoints:
    """What is connected. Of a key, only its last four letters are ever shown."""
    return Endpoints(items=[_endpoint(listed) for listed in queries.list_endpoints(member_of(request))])


@router.post("/endpoints", response={201: EndpointOut})
def add_endpoint(request: HttpRequest, body: EndpointIn) -> Status[EndpointOut]:
    """Connect a vendor. It is asked for its models first; when it refuses, nothing is stored and its reason is told."""
    member = member_of(request)
    key = body.api_key.get_secret_value()
    made = actions.add_endpoint(
        member, name=body.name, wire=body.wire, base_url=body.base_url, api_key=key, models=body.models
    )
    return Status(201, _endpoint(queries.listed_endpoint_for(member, made.id)))


@router.patch("/endpoints/{uuid:endpoint_id}", response=EndpointOut)
def change_endpoint(request: HttpRequest, endpoint_id: UUID, body: EndpointChange) -> EndpointOut:
    """Another `base_url` voids the stored key unless a new one comes along. 409 when `version` is stale."""
    member = member_of(request)
    given = body.dict(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None or name in actions.LIMITS}
    if body.api_key is not None:
        changes["api_key"] = body.api_key.get_secret_value()
    actions.change_endpoint(member, endpoint_id, **changes)
    return _endpoint(queries.listed_endpoint_for(member, endpoint_id))


@router.delete("/endpoints/{uuid:endpoint_id}", response={204: None})
def remove_endpoint(request: HttpRequest, endpoint_id: UUID) -> Status[None]:
    """Its models go with it. What they said stays."""
    actions.remove_endpoint(member_of(request), endpoint_id)
    return Status(204, None)


@router.post("/endpoints/{uuid:endpoint_id}/models", response={201: Model})
def add_model(request: HttpRequest, endpoint_id: UUID, body: TypedModel) -> Status[Model]:
    """A model that the vendor does not list. It is asked for a word first; when it says none, nothing is stored."""
    card = actions.add_model_card(member_of(request), endpoint_id, body.name)
    return Status(201, model_out(card, default_bots_of([card.id]).get(card.id)))


@router.post("/endpoints/{uuid:endpoint_id}/refresh", response=Models)
def refresh_models(request: HttpRequest, endpoint_id: UUID) -> Models:
    """Ask the vendor for its models again."""
    cards = actions.refresh_models(member_of(request), endpoint_id)
    bots = default_bots_of(card.id for card in cards)
    items: list[Model] = [model_out(card, bots.get(card.id)) for card in cards]
    return Models(items=items)


def _endpoint(listed: ListedEndpoint) -> EndpointOut:
    row = listed.endpoint
    return EndpointOut(
        id=row.id,
        name=row.name,
        wire=row.wire,
        base_url=row.base_url,
        key_last4=listed.key_last4,
        source=row.source,
        enabled=row.enabled,
        max_concurrent=row.max_concurrent,
        tokens_per_minute=row.tokens_per_minute,
        dollars_per_month=row.dollars_per_month,
        version=row.version,
        models=listed.models,
        health=listed.health.state,
        problem=listed.health.problem or None,
    )
