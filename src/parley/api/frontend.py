"""The browser's application: one page for all its own addresses, and files that may be kept for ever."""

import re
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from servestatic import ServeStaticASGI

from parley.api.headers import HEADERS, SANDBOX_POLICY, content_policy
from parley.api.pages import page

# Vite writes `assets/NAME-HASH.ext`: a file's name changes with its content.
NAMED_BY_CONTENT = re.compile(r"^/assets/.+-[\w-]{8,}\.\w+(\.map)?$")

SANDBOX = "/assets/sandbox/"


@require_safe
def index(request: HttpRequest, path: str = "") -> HttpResponse:
    """The page for every address that the browser's application knows; it shows what the address means."""
    file = Path(settings.FRONTEND_DIR) / "index.html"
    if not file.exists():
        return page(
            "Parley runs, but its pages are not built yet",
            "The API answers. To see Parley in a browser, run this in its folder, then reload:",
            status=503,
            command="make run        (or: cd frontend && npm ci && npm run build)",
        )
    html = file.read_bytes()
    if settings.CDN_URL:
        html = html.replace(b'"/assets/', f'"{settings.CDN_URL}/assets/'.encode())
    response = HttpResponse(html)
    response["Content-Security-Policy"] = content_policy(request.get_host(), cdn=settings.CDN_URL)
    response["Cache-Control"] = "no-cache"  # it names the newest files
    return response


def with_files(application: Callable[..., object]) -> ServeStaticASGI:
    """Answer for files before Django is asked: those of the front end, of Django's admin and of the API's docs.

    The files are listed once, at the start: a request for one costs a look in a dict.
    """
    files = ServeStaticASGI(
        application,
        allow_all_origins=bool(settings.CDN_URL),  # scripts of another origin are fetched under its rules
        max_age=3600,
        immutable_file_test=lambda path, url: bool(NAMED_BY_CONTENT.match(url)),
        add_headers_function=_add_headers,
    )
    if Path(settings.FRONTEND_DIR).is_dir():
        files.add_files(settings.FRONTEND_DIR)
        files.files.pop("/index.html", None)  # `index` answers, with the policy that fits the host
    for storage in AppDirectoriesFinder().storages.values():
        files.add_files(storage.location, prefix=settings.STATIC_URL)
    return files


def _add_headers(headers: dict[str, str], path: str, url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = content_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    if settings.CDN_URL:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if url.startswith(SANDBOX):
        headers["Content-Security-Policy"] = SANDBOX_POLICY
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # a frame without an origin is foreign to ours
