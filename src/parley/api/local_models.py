"""The doors of the models of this machine, which the model service beside Parley serves. For admins."""

from typing import Literal

from asgiref.sync import async_to_sync
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from parley.accounts.access import Member
from parley.api.bodies import Body
from parley.api.who import member_of
from parley.core.errors import EndpointUnreachable
from parley.providers import local_models
from parley.providers.access import check_admin
from parley.providers.unasked import list_model_service

router = Router(tags=["local models"])


class LocalModelOut(Schema):
    """`folder` is on the machine of the model service. Sizes are in bytes."""

    name: str
    folder: str
    kind: Literal["causal", "seq2seq", "embedding"]
    context_window: int
    size_bytes: int
    in_memory_bytes: int


class LocalModels(Schema):
    """`problem`: why there is none, where no model service answers; null else."""

    items: list[LocalModelOut]
    next: str | None = None
    problem: str | None = None


class OfferBody(Body):
    """`folder`: with config.json, tokenizer and weights as safetensors. `name`: as people will see it."""

    name: str = Field(min_length=1, max_length=200, pattern=r"^[\w.:/@-]+$")
    folder: str = Field(min_length=1, max_length=4096)


@router.get("/local-models", response=LocalModels)
def list_local_models(request: HttpRequest) -> LocalModels:
    """What the model service offers, in memory or not."""
    _admin(request)
    try:
        found = async_to_sync(local_models.list_local_models)()
    except EndpointUnreachable as absent:
        return LocalModels(items=[], problem=absent.message)
    return LocalModels(items=[LocalModelOut.from_orm(model) for model in found])


@router.post("/local-models", response={201: LocalModels})
def offer_local_model(request: HttpRequest, body: OfferBody) -> Status[LocalModels]:
    """Offer the model in a folder of the service's machine. 422 with what is missing there."""
    _admin(request)
    async_to_sync(local_models.offer_folder)(body.name, body.folder)
    list_model_service()
    return Status(201, list_local_models(request))


@router.delete("/local-models/{path:name}", response={204: None})
def withdraw_local_model(request: HttpRequest, name: str) -> Status[None]:
    """Offer it no longer. Its files stay."""
    _admin(request)
    async_to_sync(local_models.withdraw)(name)
    list_model_service()
    return Status(204, None)


def _admin(request: HttpRequest) -> Member:
    member = member_of(request)
    check_admin(member)
    return member
