"""The doors, put together."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import torch
from fastapi import Depends, FastAPI

from model_service.doors import chat, downloads, embeddings, metrics, models, plain
from model_service.doors.problems import answer_problems
from model_service.hub.downloads import Downloads
from model_service.key import Key
from model_service.settings import Settings
from model_service.shelf.register import Register
from model_service.shelf.shelf import Shelf

log = logging.getLogger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """Health, metrics (names of models, and counts) and documentation are open; all else asks for the key."""
    if settings.threads:
        torch.set_num_threads(settings.threads)
    shelf = Shelf(settings, Register(settings.data))
    fetching = Downloads(settings.folder, shelf.register)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for refused in await asyncio.to_thread(shelf.register.add_all_within, settings.folder):
            log.warning("not offered: %s", refused)
        fetching.start()
        yield
        await asyncio.to_thread(fetching.close)
        await asyncio.to_thread(shelf.close)

    app = FastAPI(title="Parley's model service", version="1", lifespan=lifespan)
    app.state.shelf, app.state.downloads = shelf, fetching
    answer_problems(app)
    for router in (plain.health, metrics.router):
        app.include_router(router)
    for router in (plain.router, chat.router, embeddings.router, models.router, downloads.router):
        app.include_router(router, dependencies=[Depends(Key(settings.key).check)])
    return app
