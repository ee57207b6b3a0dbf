"""The register of the model service beside us: which models of this machine it offers. Speaks HTTP; saves nothing.

The service answers like any vendor over the `openai` wire; here stands only what no vendor has.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

import aiohttp
import orjson

from parley.core.env import env_str
from parley.core.errors import Busy, EndpointUnreachable, Invalid, NotFound
from parley.providers.sessions import new_session
from parley.providers.vendors import MODEL_SERVICE

URL_VARIABLE: Final = "PARLEY_MODEL_SERVICE"
KEY_VARIABLE: Final = "PARLEY_MODEL_SERVICE_KEY"
ABSENT: Final = (
    "No model service runs here. Start Parley with 'parley up --models', "
    "or set PARLEY_MODEL_SERVICE to the address of one that runs elsewhere."
)
SILENT: Final = "The model service does not answer. It may still be starting; try again in a few seconds."
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """`kind` says what it is for. Sizes are in bytes; `in_memory_bytes` is 0 for one that is loaded when it is asked for."""

    name: str
    folder: str
    kind: Literal["causal", "seq2seq", "embedding"]
    context_window: int
    size_bytes: int
    in_memory_bytes: int


def service_url() -> str:
    """Without `/v1`; empty where there is none. With a key alone, it is where a model service usually is."""
    said = env_str(URL_VARIABLE) or (MODEL_SERVICE.base_url if env_str(KEY_VARIABLE) else "")
    return said.rstrip("/").removesuffix("/v1").rstrip("/")


async def list_local_models() -> list[LocalModel]:
    """Raises `EndpointUnreachable` where no service answers."""
    document = await ask_service("GET", "/models")
    return [_model(item) for item in document["items"]]


async def offer_folder(name: str, folder: str) -> None:
    """Offer the model in a folder of the service's machine. Raises `Invalid` with what is missing in it."""
    await ask_service("POST", "/models", {"name": name, "folder": folder})


async def withdraw(name: str) -> None:
    """Offer it no longer; its files stay. Raises `NotFound`, or `Busy` while it answers."""
    if not service_url():
        raise NotFound(ABSENT)
    await ask_service("DELETE", f"/models/{quote(name, safe='/')}")


async def ask_service(method: str, path: str, body: object = None) -> Any:  # Any: the service's JSON
    """What the service answers. Raises its refusals in our words, and `EndpointUnreachable` where none answers."""
    url = service_url()
    if not url:
        raise EndpointUnreachable(ABSENT)
    key = env_str(KEY_VARIABLE)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    data = None if body is None else orjson.dumps(body)
    headers |= {"Content-Type": "application/json"} if data else {}
    try:
        async with new_session() as session:
            asked = session.request(method, f"{url}{path}", data=data, headers=headers, timeout=_TIMEOUT)
            async with asked as response:
                said = await response.read()
                if response.status >= 400:
                    raise _problem(response.status, said)
                return orjson.loads(said) if said else None
    except (aiohttp.ClientError, TimeoutError, OSError, orjson.JSONDecodeError) as error:
        raise EndpointUnreachable(SILENT) from error


def _problem(status: int, said: bytes) -> Exception:
    """The service's own words, in our tree."""
    try:
        message = str(orjson.loads(said)["error"]["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        message = ""
    if status == 404:
        return NotFound(message)
    if status in (429, 503):
        return Busy(message)
    if status in (401, 403):
        return EndpointUnreachable(f"The model service refuses the key in {KEY_VARIABLE}.")
    return Invalid(message or SILENT) if status < 500 else EndpointUnreachable(message or SILENT)


def _model(item: dict[str, Any]) -> LocalModel:
    return LocalModel(
        name=item["name"],
        folder=item["folder"],
        kind=item["kind"],
        context_window=item["context"],
        size_bytes=item["size_bytes"],
        in_memory_bytes=item["in_memory_bytes"],
    )
