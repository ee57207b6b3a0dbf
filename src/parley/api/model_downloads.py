"""The doors of models on their way from the hub to this machine. For admins."""

from typing import Literal

from asgiref.sync import async_to_sync
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from parley.api.bodies import Body
from parley.api.who import member_of
from parley.core.errors import EndpointUnreachable
from parley.providers import model_downloads
from parley.providers.access import check_admin
from parley.providers.queries import lacks_local_card
from parley.providers.unasked import list_model_service

router = Router(tags=["local models"])


class ModelDownloadOut(Schema):
    """`problem`: why it has failed, or is held up at this moment. `total_bytes` is 0 until the hub was asked."""

    name: str
    revision: str
    state: Literal["waiting", "running", "paused", "failed", "done"]
    done_bytes: int
    total_bytes: int
    problem: str


class ModelDownloads(Schema):
    items: list[ModelDownloadOut]
    next: str | None = None


class ModelDownloadIn(Body):
    """`name`: as the hub has it, or the address of its page. `revision`: a branch, a tag or a commit."""

    name: str = Field(min_length=1, max_length=300)
    revision: str = Field("main", min_length=1, max_length=200)


@router.get("/model-downloads", response=ModelDownloads)
def list_model_downloads(request: HttpRequest) -> ModelDownloads:
    """How far each is. Who asks when one has just ended finds its model among those to talk to."""
    check_admin(member_of(request))
    try:
        found = async_to_sync(model_downloads.list_model_downloads)()
    except EndpointUnreachable:
        return ModelDownloads(items=[])  # why there is no service is told with the models of this machine
    if lacks_local_card([one.name for one in found if one.state == "done"]):
        list_model_service()
    return ModelDownloads(items=[ModelDownloadOut.from_orm(one) for one in found])


@router.post("/model-downloads", response={202: ModelDownloadOut})
def ask_for_model(request: HttpRequest, body: ModelDownloadIn) -> Status[ModelDownloadOut]:
    """Begin, or go on where it ended. It goes on whoever looks, and over restarts."""
    check_admin(member_of(request))
    asked = async_to_sync(model_downloads.ask_for_model)(body.name.strip(), body.revision.strip())
    return Status(202, ModelDownloadOut.from_orm(asked))


@router.post("/model-downloads/{path:name}/pause", response={204: None})
def pause_model_download(request: HttpRequest, name: str) -> Status[None]:
    """What has come stays."""
    check_admin(member_of(request))
    async_to_sync(model_downloads.pause_model_download)(name)
    return Status(204, None)


@router.delete("/model-downloads/{path:name}", response={204: None})
def cancel_model_download(request: HttpRequest, name: str) -> Status[None]:
    """Forget it, with what has come. A model that is whole stays offered."""
    check_admin(member_of(request))
    async_to_sync(model_downloads.cancel_model_download)(name)
    return Status(204, None)
