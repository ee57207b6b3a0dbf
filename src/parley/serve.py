"""`parley up`: one process that is all of Parley, on this machine's own address unless told otherwise."""

import faulthandler
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Literal

import uvicorn
from django.conf import settings
from django.db import connection

from parley.accounts.models import Workspace
from parley.beside import Beside
from parley.bots.actions import ensure_default_bots
from parley.core.alone import alone
from parley.embedded import Background
from parley.engine.lease import release_all_leases
from parley.inside import Inside
from parley.knowledge.actions import sync_handbook
from parley.providers.unasked import ensure_guide, sync_environment

SWITCH_S = 0.0005  # how long the writer thread may hold the interpreter while the loop waits; Python's own is 5 ms
END_MARGIN_S = 10.0  # beyond the grace; then the process goes anyway, which costs no more than any other death
FRAME_LIMIT_FACTOR = (
    5  # a frame up to this many times the message limit is refused by name; beyond, the socket closes with 1009
)

Models = Literal["off", "on", "inside"]
MODEL_SERVICES: Final[dict[Models, type[Beside | Inside]]] = {"on": Beside, "inside": Inside}  # a child, or a thread


class Server(uvicorn.Server):
    """Says when it serves, and starts the background then, so that no job delays the first page."""

    def __init__(self, config: uvicorn.Config, sign_in_token: str | None = None) -> None:
        super().__init__(config)
        self._sign_in_token = sign_in_token
        self._background = Background()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets=sockets)  # type: ignore[arg-type]
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._announce(f"http://{host}:{port}/")
            self._background.start()

    def _announce(self, address: str) -> None:
        lines = [f"Parley is ready at {address}"]
        if self._sign_in_token:
            lines.append(f"Sign in, once, with this link: {address}sign-in/{self._sign_in_token}")
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        # Whatever hangs, in a library's thread too: tell what every thread was doing, and go.
        faulthandler.dump_traceback_later(settings.SHUTDOWN_GRACE_S + END_MARGIN_S, exit=True)
        self._background.stop()
        await super().shutdown(sockets=sockets)  # type: ignore[arg-type]


def serve(host: str, port: int, *, sign_in_token: str | None = None, models: Models = "off") -> None:
    """Serve until told to stop. The database is migrated and this process is alone on its data folder.

    Raises `AlreadyRunning`, and `NoModelService` where that was asked for and is not installed.
    """
    with alone(settings.DATA_DIR), _models(models):
        if connection.vendor == "sqlite":  # nobody else is on this file: whoever held a lease is dead
            release_all_leases()
        catch_up()
        sys.setswitchinterval(SWITCH_S)
        config = uvicorn.Config(
            "parley.asgi:application",
            host=host,
            port=port,
            ws="parley.realtime.protocol:WebSocketProtocol",  # not uvicorn's default, which loses 5,000 that reconnect at once
            ws_max_size=settings.MESSAGE_LIMIT_BYTES * FRAME_LIMIT_FACTOR,
            ws_per_message_deflate=False,  # frames are tiny: deflating them costs more than it saves
            lifespan="on",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
            server_header=False,
            forwarded_allow_ips=settings.TRUSTED_PROXIES,
        )
        with suppress(KeyboardInterrupt):  # Ctrl+C: uvicorn ends in good order, and then raises it once more
            Server(config, sign_in_token).run()


@contextmanager
def _models(where: Models) -> Iterator[None]:
    """The model service, if it is asked for, for as long as we serve."""
    if where == "off":
        yield
        return
    service = MODEL_SERVICES[where](settings.DATA_DIR)
    service.start()
    try:
        yield
    finally:
        service.stop()


def catch_up() -> None:
    """What came with this start or this version: the handbook, vendors in the environment."""
    for workspace in Workspace.objects.all():
        ensure_guide(workspace.id)
        sync_handbook(workspace)
        ensure_default_bots(workspace.id)
    sync_environment()
