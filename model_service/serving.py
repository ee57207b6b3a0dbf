"""The doors as a server: of a process of its own (`__main__`), or of a thread in somebody else's."""

import uvicorn

from model_service.app import create_app
from model_service.settings import Settings


def config_of(settings: Settings, *, grace_s: int = 20) -> uvicorn.Config:
    """`grace_s`: how long answers may go on when it is told to end. Lines of its log go where the process's own go."""
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=grace_s,
    )
