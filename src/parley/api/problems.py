"""Errors as the caller sees them: problem+json (RFC 9457), naming cause and remedy, and nothing of our inside."""

import errno
import logging
import math
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from parley.core.errors import (
    Busy,
    Invalid,
    NoRoom,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ParleyError,
    TooLarge,
    Unreadable,
)
from parley.core.outage import database, first_line
from parley.engine.ledger import DatabaseAway

logger = logging.getLogger(__name__)

AWAY = (DatabaseAway, OperationalError, InterfaceError)
FULL = (errno.ENOSPC, errno.EDQUOT)
Field = dict[str, str]
MOST_ERRORS = 20


def problem(error: ParleyError, errors: list[Field] | None = None) -> HttpResponse:
    """The answer to `error`; `errors` names the fields that were refused."""
    body = {
        "type": "about:blank",
        "title": error.code,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "retry_after": error.retry_after_s,
    }
    if errors:
        body["errors"] = errors
    response = HttpResponse(orjson.dumps(body), status=error.status, content_type="application/problem+json")
    if error.retry_after_s is not None:
        response["Retry-After"] = str(math.ceil(error.retry_after_s))
    return response


def database_is_away() -> Busy:
    """The database restarts, or does not answer. What was sent may be sent again: a key makes it count once."""
    return Busy("Parley's database does not answer. Nothing was lost; try again in a moment.", retry_after_s=2)


def handle_problems(api: NinjaAPI) -> None:
    """Teach `api` to answer every exception as a problem."""
    # Ninja types a handler as taking the exception or its class; it only ever calls it with the exception.
    handlers: dict[type[Exception], Any] = {
        ParleyError: _ours,
        Http404: _not_found,
        HttpError: _ninjas,
        ValidationError: _invalid,
        SuspiciousOperation: _suspicious,
        **dict.fromkeys(AWAY, _away),
        OSError: _of_the_system,
        Exception: _unexpected,
    }
    for exception, handler in handlers.items():
        api.add_exception_handler(exception, handler)


def _ours(request: HttpRequest, error: ParleyError) -> HttpResponse:
    return problem(error)


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(NotFound())


def _ninjas(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja wraps what our JSON parser raised; the cause says more than the wrapping."""
    if isinstance(error.__cause__, ParleyError):
        return problem(error.__cause__)
    if isinstance(error, AuthenticationError):
        return problem(NotSignedIn())
    return problem(NotAllowed() if error.status_code == 403 else Invalid(error.message))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": _field(entry["loc"]), "message": str(entry["msg"])} for entry in error.errors[:MOST_ERRORS]]
    said = "; ".join(f"{entry['field']}: {entry['message']}" for entry in errors[:5])
    return problem(Invalid(f"Please correct: {said}."), errors)


def _field(where: tuple[str | int, ...]) -> str:
    """`("body", "data", "parts", 0, "text")`, where `data` is the view's own argument, becomes `parts.0.text`."""
    return ".".join(str(step) for step in where[2 if where[0] == "body" else 1 :]) or str(where[0])


def _suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return problem(TooLarge())
    return problem(Unreadable("This request could not be read. Check its form, then send it again."))


def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    database.note(error)
    logger.warning("%s %s: the database is away: %s", request.method, request.path, first_line(error))
    return problem(database_is_away())


def _of_the_system(request: HttpRequest, error: OSError) -> HttpResponse:
    if error.errno not in FULL:
        return _unexpected(request, error)
    logger.error("%s %s: %s", request.method, request.path, error.strerror)
    return problem(NoRoom())


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(ParleyError())
