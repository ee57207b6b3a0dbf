"""Downloads from the hub: ask for one, see how far it is, pause it, cancel it."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from model_service.hub.downloads import Downloads
from model_service.hub.rows import DownloadRow

router = APIRouter(tags=["downloads"])


class NewDownload(BaseModel):
    """`name`: as the hub has it. `revision`: a branch, a tag or a commit."""

    name: str = Field(min_length=1, max_length=300)
    revision: str = Field("main", min_length=1, max_length=200)


@router.get("/downloads")
async def list_downloads(request: Request) -> dict[str, Any]:
    """Those that are done, too; sizes in bytes. `problem`: why one has failed, or is held up at this moment."""
    downloads: Downloads = request.app.state.downloads
    return {"items": [row.model_dump(mode="json") for row in await asyncio.to_thread(downloads.rows.all)]}


@router.post("/downloads", status_code=202)
async def ask_for_download(new: NewDownload, request: Request) -> DownloadRow:
    """Begin, or go on where it ended; the model is offered by its name once it is whole."""
    downloads: Downloads = request.app.state.downloads
    return await asyncio.to_thread(downloads.ask, new.name, new.revision)


@router.post("/pause/{name:path}", status_code=204)
async def pause_download(name: str, request: Request) -> Response:
    """What has come stays; asked for again, it goes on."""
    await asyncio.to_thread(request.app.state.downloads.rows.pause, name)
    return Response(status_code=204)


@router.delete("/downloads/{name:path}", status_code=204)
async def cancel_download(name: str, request: Request) -> Response:
    """Forget it, with what has come of it. A model that is whole stays."""
    await asyncio.to_thread(request.app.state.downloads.cancel, name)
    return Response(status_code=204)
