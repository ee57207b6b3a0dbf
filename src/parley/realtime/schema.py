"""The socket's contract as JSON Schema. `docs/socket.schema.json` is this, written by `make schemas`; a test keeps it so."""

import orjson
from pydantic import TypeAdapter

from parley.realtime.commands import Command
from parley.realtime.frames import Frame


def socket_schema() -> bytes:
    """Commands (browser to server) and frames (server to browser), each a union told apart by `type`."""
    references, schema = TypeAdapter.json_schemas(
        [
            ("commands", "validation", TypeAdapter(Command)),
            ("frames", "serialization", TypeAdapter(Frame)),
        ],
        title="Parley's socket, /ws",
        description="JSON text frames. `commands` go to the server, `frames` come from it.",
    )
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "properties": {name: reference for (name, _), reference in references.items()},
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
