"""A web process of a fleet: Uvicorn under Gunicorn. It leaves gently, so that an upgrade is seen by nobody.

Gunicorn's main process imports this file and nothing else of Parley, so that a reload takes new code for all the rest.
"""

import asyncio
import socket
import sys
from typing import Any

from gunicorn.arbiter import Arbiter
from uvicorn.server import Server
from uvicorn_worker import UvicornWorker

from parley.core.env import env_int

FRAME_LIMIT_FACTOR = 5  # as in serve.py


class GentleServer(Server):
    """Ends in this order: no new connections; sockets sent away one by one; answers in progress end; the engine stops."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        keep_alive = asyncio.create_task(self._keep_notifying())
        try:
            await self.config.app.leave()  # type: ignore[union-attr] # it is `parley.asgi.Application`
            await super().shutdown(sockets)
        finally:
            keep_alive.cancel()

    async def _keep_notifying(self) -> None:
        """Gunicorn kills who says nothing; the loop that did so has ended."""
        while self.config.callback_notify is not None:
            await self.config.callback_notify()
            await asyncio.sleep(1)


class WebWorker(UvicornWorker):
    """What `parley up` says to Uvicorn, for Gunicorn."""

    CONFIG_KWARGS: dict[str, Any] = {  # as Uvicorn types it
        "loop": "uvloop",
        "http": "httptools",
        "ws": "parley.realtime.protocol:WebSocketProtocol",  # not uvicorn's default, which loses 5,000 that reconnect at once
        "ws_max_size": env_int("PARLEY_MESSAGE_LIMIT_BYTES", 256 * 1024, least=1024) * FRAME_LIMIT_FACTOR,
        "ws_per_message_deflate": False,
        "lifespan": "on",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "timeout_graceful_shutdown": env_int("PARLEY_SHUTDOWN_GRACE_S", 10),
    }

    async def _serve(self) -> None:
        self.config.app = self.wsgi
        server = GentleServer(config=self.config)
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)  # Gunicorn ends then, instead of trying for ever
