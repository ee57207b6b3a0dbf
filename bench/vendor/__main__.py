"""`python -m bench.vendor --port 0`: prints `listening on PORT` and serves until it is ended."""

import argparse
import asyncio
import contextlib
import gc
from collections.abc import Sequence

import uvloop

from bench.limits import raise_file_limit
from bench.vendor.control import Control
from bench.vendor.protocol import VendorProtocol

MODELS = "mock-150x30,mock-8x0,mock-20x30,mock-echo,mock-8x0-tool,mock-8x0-reasoning:3"


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench.vendor", description="A mock vendor of the OpenAI wire.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--models", default=MODELS, help="what GET /v1/models lists; any scripted name can be called")
    return parser.parse_args(argv)


async def serve(host: str, port: int, models: tuple[str, ...]) -> None:
    """Listen, say where, and answer for ever."""
    control = Control(models=models)
    server = await asyncio.get_running_loop().create_server(lambda: VendorProtocol(control), host, port, backlog=4096)
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve until a signal comes."""
    options = arguments()
    raise_file_limit()
    gc.freeze()  # a collection that walks all modules would make 600 streams late at once
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve(options.host, options.port, tuple(options.models.split(","))))


if __name__ == "__main__":
    main()
