"""The few plain pages that Parley's server writes itself: what is not there, not built, or not allowed."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from parley.api.problems import AWAY, database_is_away, problem
from parley.core.errors import NotAllowed, NotFound, ParleyError, Unreadable
from parley.core.outage import database

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · Parley</title><style>
body{{font:1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem;color-scheme:light dark}}
pre{{padding:.75rem 1rem;border:1px solid;border-radius:.5rem;overflow:auto}}</style></head>
<body><main><h1>{title}</h1><p>{text}</p>{command}</main></body></html>"""
FOREIGN = "This request did not come from Parley's own page. Reload the page, then try again."
MACHINES = ("/api/", "/v1/", "/_allauth/")


def page(title: str, text: str, *, status: int = 200, command: str = "") -> HttpResponse:
    """A page that says what is the matter and what to do; `command` is shown as something to type."""
    shown = format_html("<pre>{}</pre>", command) if command else ""
    return HttpResponse(format_html(PAGE, title=title, text=text, command=shown), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, Unreadable("This request could not be read."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, NotFound("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """What no door of ours answered. Sessions are read and written outside of them, and need the database too."""
    error = sys.exception()
    if isinstance(error, AWAY):
        database.note(error)
        return _say(request, database_is_away())
    return _say(request, ParleyError())


def refuse_foreign(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A request without the CSRF token of its page, or from another origin."""
    return _say(request, NotAllowed(FOREIGN))


def _say(request: HttpRequest, error: ParleyError) -> HttpResponse:
    """To programs a problem, to people a page."""
    if request.path.startswith(MACHINES):
        return problem(error)
    return page("Not found" if error.status == 404 else "Sorry", error.message, status=error.status)
