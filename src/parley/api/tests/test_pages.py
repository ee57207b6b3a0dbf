"""What the server shows to people itself: the front end's page, files, links to them, and errors; and its headers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from parley.api.http import http_application
from tests.people import Browser, Person, body_of


@pytest.fixture
def built(tmp_path: Path, settings: LazySettings) -> Path:
    """A front end as Vite leaves it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Parley</title><div id=root></div>")
    (tmp_path / "assets" / "index-BkX81_aZ.js").write_text("export {}")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    settings.FRONTEND_DIR = tmp_path
    return tmp_path


@pytest.mark.parametrize("address", ["/", "/c/0192", "/settings/models", "/sign-up", "/api-keys", "/administration"])
def test_every_address_of_the_application_shows_its_page(built: Path, address: str) -> None:
    response = Browser().get(address)
    assert response.status_code == 200
    assert b"id=root" in response.content
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "address", ["/assets/gone-12345678.js", "/nothing.txt", "/static/x.css", "/v1", "/sign-in/", "/metrics/"]
)
def test_what_is_not_an_address_of_the_application_is_not_found(built: Path, address: str) -> None:
    assert Browser().get(address).status_code == 404


def test_an_unknown_address_of_the_api_is_a_problem_not_a_page(built: Path) -> None:
    response = Browser().get("/api/v1/nothing")
    assert response.status_code == 404
    assert body_of(response)["code"] == "not_found"


def test_the_page_takes_no_posts(built: Path) -> None:
    assert Browser().post("/", {}).status_code == 405


def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path, settings: LazySettings) -> None:
    settings.FRONTEND_DIR = tmp_path / "missing"
    response = Browser().get("/")
    assert response.status_code == 503
    assert "npm run build" in response.content.decode()


def test_the_page_runs_only_our_own_scripts_and_speaks_only_to_us(built: Path) -> None:
    response = Browser().get("/", headers={"Host": "127.0.0.1:8000"})
    policy = response["Content-Security-Policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self';",
        "connect-src 'self' ws://127.0.0.1:8000 wss://127.0.0.1:8000;",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ):
        assert rule in f"{policy};"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example"])
def test_a_foreign_host_is_refused(built: Path, host: str) -> None:
    assert Browser().get("/", headers={"Host": host}).status_code == 400
    assert Browser().get("/api/v1/config", headers={"Host": host}).status_code == 400


def test_the_docs_of_the_api_need_no_other_host(owner: Person) -> None:
    response = owner.browser.get("/api/docs")
    assert response.status_code == 200
    assert b"/static/ninja/swagger-ui-bundle.js" in response.content
    assert b"//cdn" not in response.content
    assert body_of(owner.browser.get("/api/v1/openapi.json"))["info"]["title"] == "Parley"


def test_the_docs_of_the_api_are_for_those_who_are_signed_in(db: None) -> None:
    assert Browser().get("/api/docs").status_code == 401
    assert Browser().get("/api/v1/openapi.json").status_code == 401


def test_the_admin_is_for_staff(owner: Person) -> None:
    assert owner.browser.get("/admin/").status_code == 302
    owner.user.is_staff = owner.user.is_superuser = True
    owner.user.save()
    for page in ("", "accounts/user/", "accounts/workspace/", "accounts/membership/", "accounts/apikey/"):
        assert owner.browser.get(f"/admin/{page}").status_code == 200
    assert b"digest" not in owner.browser.get("/admin/accounts/apikey/").content


# --- As ASGI, with files and the limit of bodies ----------------------------------------------------------------------


class Visitor:
    """Speaks ASGI to the whole HTTP application."""

    def __init__(self) -> None:
        self.application = http_application()

    async def ask(self, method: str, path: str, *chunks: bytes, **headers: str) -> tuple[int, dict[str, str], bytes]:
        given = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
            "scheme": "http",
        }
        sent: list[Any] = []
        incoming = self._chunks(chunks)

        async def receive() -> Any:
            return next(incoming)

        async def send(message: Any) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:])

    def _chunks(self, chunks: tuple[bytes, ...]) -> Iterator[dict[str, object]]:
        for number, chunk in enumerate(chunks, 1):
            yield {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        if not chunks:
            yield {"type": "http.request", "body": b"", "more_body": False}
        while True:
            yield {"type": "http.disconnect"}


@pytest.mark.parametrize("proof", [{}, {"authorization": "Bearer none"}, {"cookie": "sessionid=none"}])
async def test_an_upload_of_nobody_is_refused_before_a_byte_of_it_is_read(db: None, proof: dict[str, str]) -> None:
    """There is no body at all here: whoever asked for it would be told that the client has gone, and answer nothing."""
    visitor = Visitor()
    visitor._chunks = lambda chunks: iter([{"type": "http.disconnect"}])  # type: ignore[method-assign] # once asked for
    status, headers, body = await visitor.ask("POST", "/api/v1/files", content_length="9", **proof)
    assert (status, headers["connection"]) == (401, "close")
    assert b"not_signed_in" in body


async def test_a_file_named_by_its_content_is_kept_for_ever(built: Path) -> None:
    status, headers, body = await Visitor().ask("GET", "/assets/index-BkX81_aZ.js")
    assert (status, body) == (200, b"export {}")
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


async def test_another_file_is_asked_for_again(built: Path) -> None:
    status, headers, _ = await Visitor().ask("GET", "/favicon.svg")
    assert status == 200
    assert "immutable" not in headers["cache-control"]


@pytest.mark.parametrize("path", ["/assets/../../etc/passwd", "/assets/%2e%2e/index.html", "/static/../settings.py"])
async def test_no_path_leads_out_of_the_folder(built: Path, path: str) -> None:
    assert (await Visitor().ask("GET", path))[0] in (200, 400, 404)
    assert b"root:" not in (await Visitor().ask("GET", path))[2]


async def test_the_files_of_the_admin_and_the_docs_are_served(built: Path) -> None:
    for path in ("/static/admin/css/base.css", "/static/ninja/swagger-ui-bundle.js"):
        assert (await Visitor().ask("GET", path))[0] == 200


async def test_a_plain_door_is_answered_from_the_pool(built: Path) -> None:
    status, headers, body = await Visitor().ask("GET", "/healthz/live")
    assert (status, body) == (200, b'{"status":"ok"}')
    assert headers["cache-control"] == "no-store"


async def test_a_body_that_says_it_is_too_large_is_not_read(built: Path) -> None:
    status, headers, body = await Visitor().ask("POST", "/api/v1/keys", content_length="99999999")
    assert status == 413
    assert headers["content-type"] == "application/problem+json"
    assert b"too_large" in body


async def test_a_body_that_grows_too_large_without_saying_so_is_cut_off(built: Path, settings: LazySettings) -> None:
    chunks = [b"x" * 100_000] * 100
    assert (await Visitor().ask("POST", "/api/v1/keys", *chunks))[0] == 413
    assert (await Visitor().ask("POST", "/api/v1/keys", *chunks, content_length="10"))[0] == 413


def test_before_a_cdn_the_page_names_its_address_for_files_and_trusts_it_with_no_more(
    built: Path, settings: LazySettings
) -> None:
    settings.CDN_URL = "https://cdn.example.org"
    (built / "index.html").write_text('<script type="module" src="/assets/index-BkX81_aZ.js"></script>')
    response = Browser().get("/")
    policy = dict(rule.split(" ", 1) for rule in response["Content-Security-Policy"].split("; "))

    assert b'src="https://cdn.example.org/assets/index-BkX81_aZ.js"' in response.content
    assert policy["script-src"] == "'self' https://cdn.example.org/assets/"
    assert "cdn.example.org" not in policy["connect-src"] + policy["default-src"] + policy["worker-src"]
