"""The Hugging Face hub, or what HF_ENDPOINT names in its place: what a repository holds, and the bytes of one file.

Addresses, tokens, redirects and errors are huggingface_hub's. Going on in the middle of a file is ours: since its version 2 the
library begins a file anew after each start of a process.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
from huggingface_hub import HfApi, constants, get_session, hf_hub_url, hf_raise_for_status
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import build_hf_headers, validate_repo_id  # type: ignore[attr-defined]  # it exports lazily

from model_service.errors import BadRequest, DownloadRefused, HubSilent
from model_service.hub.wanted import HubFile

_TIMEOUT_S: Final = 20.0  # for a connection, and between two bytes
_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Repository:
    """What a revision holds. `commit` names it for ever, where a branch may move on."""

    name: str
    commit: str
    files: tuple[HubFile, ...]


def name_of(said: str) -> str:
    """`owner/name`, of that or of the address of its page. Raises `BadRequest`."""
    name = said.strip().removeprefix(constants.ENDPOINT).removeprefix("https://huggingface.co").strip("/")
    try:
        validate_repo_id(name)
    except HFValidationError as error:
        raise BadRequest(
            f"{said!r} is no name of the hub. A name looks like owner/model, as it stands above a model's page",
            param="name",
        ) from error
    return name


def look_up(name: str, revision: str) -> Repository:
    """What there is, in one call. Raises `DownloadRefused`, or `HubSilent` where asking again may help."""
    with _explained(name, revision):
        found = HfApi(endpoint=constants.ENDPOINT).model_info(
            name, revision=revision, files_metadata=True, timeout=_TIMEOUT_S
        )
    files = []
    for one in found.siblings or []:
        digest, size_bytes = (one.lfs.sha256, one.lfs.size) if one.lfs else (one.blob_id or "", one.size or 0)
        files.append(HubFile(one.rfilename, size_bytes, digest))
    return Repository(name, str(found.sha), tuple(files))


def fetch(repository: Repository, file: HubFile, into: Path, took: Callable[[int], None]) -> None:
    """Write the bytes of a file that `into` lacks. `took` is told of each bit, in bytes (less than 0: they were of no use).

    Raises `DownloadRefused`, `HubSilent`, `OSError` where they cannot be written, and whatever `took` raises.
    """
    url = hf_hub_url(repository.name, file.path, revision=repository.commit, endpoint=constants.ENDPOINT)
    headers = build_hf_headers() | {"Accept-Encoding": "identity"}  # what is compressed cannot be gone on with
    with into.open("ab") as out, _explained(repository.name, repository.commit):
        begin = out.tell()
        headers |= {"Range": f"bytes={begin}-"} if begin else {}
        with get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT_S) as response:
            hf_raise_for_status(response)
            if begin and response.status_code != httpx2.codes.PARTIAL_CONTENT:
                out.truncate(0)
                took(-begin)
            for chunk in response.iter_raw():  # as it comes: what waited for more would be lost with the line
                out.write(chunk)
                took(len(chunk))


@contextmanager
def _explained(name: str, revision: str) -> Iterator[None]:
    """The library's errors as ours, each with its remedy."""
    try:
        yield
    except GatedRepoError as error:
        raise DownloadRefused(
            f"{name} is gated. Accept its terms at {constants.ENDPOINT}/{name}, set HF_TOKEN to a token of that account, "
            "start again, and go on",
            "gated",
        ) from error
    except RevisionNotFoundError as error:
        raise DownloadRefused(f"{name} has no revision {revision!r}", "revision_not_found") from error
    except RepositoryNotFoundError as error:
        raise DownloadRefused(
            f"The hub has no model {name!r}, or it is private: then set HF_TOKEN to a token that may read it, and start again",
            "not_found",
        ) from error
    except HfHubHTTPError as error:
        raise _answered(name, error) from error
    except (httpx2.TransportError, OfflineModeIsEnabled) as error:
        raise HubSilent(
            f"The hub at {constants.ENDPOINT} cannot be reached from here ({str(error) or type(error).__name__}). "
            "A model that lies in a folder needs no network"
        ) from error


def _answered(name: str, error: HfHubHTTPError) -> DownloadRefused:
    status = error.response.status_code
    if status in _PASSING:
        return HubSilent(f"The hub answers with {status} for {name}; it may do better in a while")
    if status in (401, 403):
        return DownloadRefused(
            f"The hub refuses HF_TOKEN for {name} ({status}): set one that may read it", "token_refused"
        )
    return DownloadRefused(f"The hub answers with {status} for {name}", "hub_refused")
