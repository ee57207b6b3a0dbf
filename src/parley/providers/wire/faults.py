"""What went wrong at a vendor: statuses, error objects and aiohttp's exceptions, mapped to `core.errors`."""

import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import orjson

from parley.core.errors import (
    EndpointBroken,
    EndpointError,
    EndpointOverloaded,
    EndpointRefused,
    EndpointRejected,
    EndpointSilent,
    EndpointStumbled,
    EndpointUnreachable,
)
from parley.providers.values import Route
from parley.providers.wire.redact import shown

WEB_PAGE: Final = "the address answered a web page; is the base URL right? It usually ends in /v1."
SETTINGS: Final = "An owner or admin can mend it under Settings, Models."

# Words that vendors use as `code` or `type` of an error object, and the status that they stand for.
_STATUS_OF_WORD: Final[Mapping[str, int]] = {
    "invalid_api_key": 401,
    "authentication_error": 401,
    "permission_error": 403,
    "insufficient_quota": 402,
    "billing_error": 402,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "overloaded_error": 529,
    "overloaded": 529,
    "no_memory": 503,  # our own model service's
    "server_error": 500,
    "api_error": 500,
    "internal_server_error": 500,
    "timeout_error": 504,
    "invalid_request_error": 400,
    "context_length_exceeded": 400,
    "model_not_found": 404,
    "not_found_error": 404,
    "request_too_large": 413,
}


def host_of(route: Route) -> str:
    return urlsplit(route.base_url).netloc or "the vendor"


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `Retry-After` in either form (RFC 9110, section 10.2.3) or OpenAI's `retry-after-ms`."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    said = headers.get("Retry-After")
    if said is None or (seconds := _number(said)) is not None:
        return seconds if said is not None else None
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def fault_of_status(route: Route, status: int, body: bytes = b"", *, wait_s: float | None = None) -> EndpointError:
    """The error for an answer that is not 200. `body`: what the vendor said about it, as far as it was read."""
    document = _loaded(body)
    word, words = _said(document)
    if document is None:
        words = "" if b"<html" in body[:2000].lower() else body.decode("utf-8", "replace")
    if _STATUS_OF_WORD.get(word) == 402:  # OpenAI says 429 when the account is empty; waiting would not fill it
        status = 402
    return _fault(route, status, words, wait_s=wait_s)


def fault_of_event(route: Route, said: object) -> EndpointError:
    """The error for an `error` object inside a 200. Never an `EndpointStumbled`: words may have come before it."""
    word, words = _said({"error": said})
    code = said.get("code", said.get("status")) if isinstance(said, dict) else None
    status = code if type(code) is int and 400 <= code < 600 else _STATUS_OF_WORD.get(word, 0)
    fault = _fault(route, status, words)
    return EndpointBroken(fault.message) if isinstance(fault, EndpointStumbled) else fault


def fault_of_exception(route: Route, error: Exception, *, begun: bool) -> EndpointError:
    """The error for what aiohttp raised. `begun`: the vendor had answered 200 and something of the answer had come."""
    host = host_of(route)
    match error:
        case aiohttp.ConnectionTimeoutError():
            return EndpointUnreachable(f"{host} did not take the call in time. Check address and network, then retry.")
        case aiohttp.ServerTimeoutError():
            silence = f"{host} said nothing for {route.idle_timeout_s:.0f} seconds."
            return EndpointSilent(f"{silence} What it had said is kept; retry or continue.")
        case TimeoutError():
            limit = f"{host} took longer than {route.total_timeout_s / 60:.0f} minutes."
            return EndpointSilent(f"{limit} What it had said is kept; retry or continue.")
        case aiohttp.ClientConnectorDNSError():
            return EndpointUnreachable(f"No machine is called {host}. Check address and network, then retry.")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            return EndpointUnreachable(
                f"{host} could not prove who it is (TLS). Check the address and its certificate."
            )
        case aiohttp.ClientConnectorError():
            return EndpointUnreachable(f"Nothing answers at {host}. Is it running? Check the address, then retry.")
        case aiohttp.InvalidURL():
            return EndpointRejected(f"The address of this endpoint cannot be called. {SETTINGS}")
        case aiohttp.ClientResponseError():
            return EndpointBroken(f"{host} does not speak HTTP as it should: {shown(error.message)}")
    if begun:
        return EndpointBroken(f"{host} broke off in mid-answer. What had arrived is kept; retry or continue.")
    return EndpointStumbled(f"{host} hung up before it answered. Retry.")


def _fault(route: Route, status: int, words: str, *, wait_s: float | None = None) -> EndpointError:
    host = host_of(route)
    quoted = shown(words, secret=route.api_key)
    said = f" It said: “{quoted}”" if quoted else ""
    match status:
        case 401 | 403:
            return EndpointRefused(f"{host} refused the key ({status}).{said} {SETTINGS}")
        case 402:
            return EndpointRefused(f"The account at {host} has no credit left.{said}")
        case 404:
            return EndpointRejected(f"{host} does not know this model or address (404).{said}")
        case 429:
            return EndpointOverloaded(f"{host} asks us to slow down.{said} Retry in a moment.", retry_after_s=wait_s)
        case 503 | 529:
            return EndpointOverloaded(f"{host} is overloaded.{said} Retry in a moment.", retry_after_s=wait_s)
        case _ if 300 <= status < 400:
            return EndpointBroken(f"{host} points elsewhere ({status}), and Parley stays. Is the base URL right?")
        case _ if 400 <= status < 500:
            return EndpointRejected(f"{host} did not accept this request ({status}).{said}")
        case _ if status >= 500:
            return EndpointStumbled(f"{host} failed ({status}).{said} Retry.", retry_after_s=wait_s)
    return EndpointBroken(f"{host} reported an error.{said} What had arrived is kept; retry or continue.")


def _said(document: object) -> tuple[str, str]:
    """(word, words) of an error document, whatever its shape: OpenAI's, FastAPI's, a list of one, a bare string."""
    if isinstance(document, list) and document:
        document = document[0]
    if not isinstance(document, dict):
        return "", document if isinstance(document, str) else ""
    error = next((document[name] for name in ("error", "detail", "message", "errors") if document.get(name)), "")
    if not isinstance(error, dict):
        return "", error if isinstance(error, str) else _dumped(error)
    word = next((w for name in ("code", "type", "status") if (w := error.get(name)) and isinstance(w, str)), "")
    words = error.get("message") or error.get("detail") or error
    return word.lower(), words if isinstance(words, str) else _dumped(words)


def _loaded(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _dumped(said: object) -> str:
    try:
        return orjson.dumps(said).decode() if said else ""
    except orjson.JSONEncodeError:
        return ""


def _number(said: str | None) -> float | None:
    try:
        number = float(said) if said else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < 1e6 else None
