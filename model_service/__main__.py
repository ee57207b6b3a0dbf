"""The command: `python -m model_service`. What may be chosen is in the environment; see settings.py."""

import logging
import socket
import sys

import uvicorn

from model_service.serving import config_of
from model_service.settings import BadSetting, settings_from


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = settings_from()
    except BadSetting as refused:
        sys.stderr.write(f"model service: {refused}\n")
        return 1
    _Server(config_of(settings)).run()
    return 0


class _Server(uvicorn.Server):
    """Says where it listens, once it does: port 0 is any that is free."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            sys.stdout.write(f"Model service is ready at http://{host}:{port}/\n")
            sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
