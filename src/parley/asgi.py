"""Where requests enter: HTTP to Django, `/ws` to the socket; and where the engine of a serving process starts and stops."""

import asyncio
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")

import django
from django.conf import settings

django.setup()  # before anything that knows a table is imported

from channels.routing import ProtocolTypeRouter  # noqa: E402

from parley.api.http import http_application  # noqa: E402
from parley.core.drain import drain_before_end  # noqa: E402
from parley.engine.service import Engine  # noqa: E402
from parley.realtime import facts  # noqa: E402
from parley.realtime.directory import Directory, install_directory, installed_directory  # noqa: E402
from parley.realtime.handshake import router  # noqa: E402
from parley.realtime.sign_ins import watch_sign_ins  # noqa: E402
from parley.realtime.socket import Receive, Send  # noqa: E402
from parley.watch import Watch  # noqa: E402


async def lifespan(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Start with the server, stop with it (the ASGI lifespan protocol)."""
    engine, watch = Engine(), Watch()
    await receive()  # lifespan.startup
    watch.begin()
    drain_before_end(settings.DRAIN_S)
    facts.connect()
    await engine.start()
    install_directory(directory := Directory())
    watching = asyncio.create_task(watch_sign_ins(directory))
    await send({"type": "lifespan.startup.complete"})
    await receive()  # lifespan.shutdown
    watching.cancel()
    install_directory(None)
    await asyncio.shield(engine.stop())
    watch.end()
    await send({"type": "lifespan.shutdown.complete"})


class Application(ProtocolTypeRouter):
    """What a server is given; one that ends says so first."""

    async def leave(self) -> None:
        """Send the sockets to other processes. The server has stopped listening, and still serves who is here."""
        directory = installed_directory()
        if directory:
            await directory.send_away()


application = Application({"http": http_application(), "websocket": router, "lifespan": lifespan})
