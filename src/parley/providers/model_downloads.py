"""Models of the hub on their way to the model service beside us. Speaks HTTP; the service keeps the rows."""

from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

from parley.core.errors import NotFound
from parley.providers.local_models import ABSENT, ask_service, service_url

State = Literal["waiting", "running", "paused", "failed", "done"]
UNDER_WAY: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class ModelDownload:
    """`problem`: why it has failed, or is held up at this moment. `total_bytes` is 0 until the hub was asked."""

    name: str
    revision: str
    state: State
    done_bytes: int
    total_bytes: int
    problem: str


async def list_model_downloads() -> list[ModelDownload]:
    """Those that are done, too. Raises `EndpointUnreachable` where no service answers."""
    return [model_download(item) for item in (await ask_service("GET", "/downloads"))["items"]]


async def ask_for_model(name: str, revision: str) -> ModelDownload:
    """Begin, or go on. Raises `Invalid` for what can be no name."""
    return model_download(await ask_service("POST", "/downloads", {"name": name, "revision": revision}))


async def pause_model_download(name: str) -> None:
    """What has come stays. Raises `NotFound`."""
    _check_service()
    await ask_service("POST", f"/pause/{quote(name, safe='/')}")


async def cancel_model_download(name: str) -> None:
    """Forget it, with what has come; a model that is whole stays. Raises `NotFound`."""
    _check_service()
    await ask_service("DELETE", f"/downloads/{quote(name, safe='/')}")


def model_download(row: dict[str, Any]) -> ModelDownload:
    """Of the row that the service keeps."""
    return ModelDownload(**{name: row[name] for name in ModelDownload.__slots__})


def _check_service() -> None:
    if not service_url():
        raise NotFound(ABSENT)
