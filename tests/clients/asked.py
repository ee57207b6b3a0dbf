"""What each client's script is given, and how it tells what it got: one JSON object on its last line. Runs in .tools/clients.

`SAYS`, `TOOL` and `FORM` are bots of the Parley at `URL`; `EMBEDS` is a model for embeddings there.
"""

import base64
import json
import os
from typing import Any

URL = os.environ["PARLEY_URL"] + "/v1"
KEY = os.environ["PARLEY_KEY"]
RESPONSES = os.environ.get("PARLEY_API") == "responses"  # OpenAI's newer API, where a client speaks both
SAYS, TOOL, FORM, EMBEDS = "mock-20x60", "mock-8x0-tool", "mock-form", "text-embedding-3-small"
QUESTION = "Say something"
TEXTS = ["one", "two words"]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PICTURE_URL = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "legs": {"type": "integer"}},
    "required": ["name", "legs"],
    "additionalProperties": False,
}


def lookup(query: str) -> str:
    """Look it up."""
    return f"found {query}"


def tell(**facts: Any) -> None:
    """`whole`, `seen`: words. `stream`: words, piece by piece. `tool`: the name, the arguments, and what was said with the
    result there. `form`: the object. `vectors`: lists of numbers, where the client has embeddings."""
    print(json.dumps(facts))
