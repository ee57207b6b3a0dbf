"""GET /v1/models, as OpenAI lists them; and the register of models and adapters, /models and /adapters, with what it takes."""

import asyncio
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from model_service.shelf.register import AdapterRow, ModelRow
from model_service.shelf.shelf import Shelf

router = APIRouter()

_NAME = Field(min_length=1, max_length=200, pattern=r"^[\w.:/@-]+$")
_Json = dict[str, Any]


class NewModel(BaseModel):
    """`folder`: on the machine of the service."""

    name: str = _NAME
    folder: Path


class NewAdapter(NewModel):
    model: str


@router.get("/v1/models", tags=["OpenAI"])
async def list_models(request: Request) -> _Json:
    """Models and adapters, by the names that are asked for."""
    shelf: Shelf = request.app.state.shelf
    rows = {row.name: row for row in shelf.register.models()}
    adapters = shelf.register.adapters()
    listed = [_listed(row.name, row) for row in rows.values()]
    return {
        "object": "list",
        "data": listed + [_listed(one.name, rows[one.model]) | {"parent": one.model} for one in adapters],
    }


def _listed(name: str, row: ModelRow) -> _Json:
    return {
        "id": name,
        "object": "model",
        "created": int(row.added_at.timestamp()),
        "owned_by": "parley-models",  # by which Parley knows that a begun answer is gone on with
        "max_model_len": row.context,
        "capabilities": {"completion_chat": row.kind != "embedding", "function_calling": False, "vision": False},
    }


@router.get("/models", tags=["register"])
async def registered(request: Request) -> _Json:
    """All that is known of each model, whether it is in memory, and its adapters."""
    shelf: Shelf = request.app.state.shelf
    held = {ready.name: ready for ready in shelf.held()}
    items = []
    for row in shelf.register.models():
        ready = held.get(row.name)
        items.append(
            row.model_dump(mode="json")
            | {"in_memory_bytes": ready.loaded.size_bytes if ready else 0}
            | {"adapters": [adapter.name for adapter in shelf.register.adapters(row.name)]}
        )
    return {"items": items}


@router.post("/models", tags=["register"], status_code=201)
async def add_model(new: NewModel, request: Request) -> ModelRow:
    """Offer the model in a folder."""
    shelf: Shelf = request.app.state.shelf
    return await asyncio.to_thread(shelf.register.add_model, new.name, new.folder)


@router.post("/adapters", tags=["register"], status_code=201)
async def add_adapter(new: NewAdapter, request: Request) -> AdapterRow:
    """Offer a LoRA adapter of a model, by a name of its own. It is loaded when it is first asked for."""
    shelf: Shelf = request.app.state.shelf
    return await asyncio.to_thread(shelf.register.add_adapter, new.name, new.model, new.folder)


@router.delete("/models/{name:path}", tags=["register"], status_code=204)
async def remove_model(name: str, request: Request) -> Response:
    """Offer a model, or an adapter, no longer. Its files stay."""
    await asyncio.to_thread(request.app.state.shelf.remove, name)
    await asyncio.to_thread(request.app.state.downloads.rows.forget_done, name)
    return Response(status_code=204)


@router.post("/unload/{name:path}", tags=["register"])
async def unload(name: str, request: Request) -> _Json:
    """Free a model's memory; it is loaded again when it is asked for."""
    return {"freed": await asyncio.to_thread(request.app.state.shelf.put_away, name)}
