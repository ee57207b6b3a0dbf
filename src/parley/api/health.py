"""Whether this process lives, and whether it should get work; its numbers for Prometheus. Nothing secret, and no person."""

from ipaddress import ip_address
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parley.api.pages import not_found
from parley.core.listener import Page
from parley.core.process import live_page, metrics_page, ready_page

# What proxies add. A request that carries one came through an edge, whatever address it comes from.
OF_PROXIES: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing else: a slow database is no reason to kill it."""
    return _response(live_page())


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """503 with the reasons while requests would fail."""
    return _response(ready_page())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """To this machine only, and never through an edge; for others there is PARLEY_METRICS, an address of its own."""
    if not _is_of_this_machine(request):
        return not_found(request, Exception())
    return _response(metrics_page())


def _is_of_this_machine(request: HttpRequest) -> bool:
    if any(name in request.headers for name in OF_PROXIES):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _response(page: Page) -> HttpResponse:
    response = HttpResponse(page.body, status=page.status, content_type=page.content_type)
    response["Cache-Control"] = "no-store"
    return response
