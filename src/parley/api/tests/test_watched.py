"""What is seen of a request from outside: its line in the log, its id, its number."""

import logging
from typing import Any

import pytest
from prometheus_client import REGISTRY

from parley.api.http import http_application
from parley.core.metrics import registry
from tests.people import Person

assert REGISTRY is not registry  # the library's own would carry what other packages put there


async def ask(path: str, *, query: bytes = b"", method: str = "GET", **headers: str) -> dict[str, str]:
    """The headers of the answer."""
    given = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 5),
        "server": ("localhost", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    sent: list[dict[str, Any]] = []
    come = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        return next(come, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    await http_application()(scope, receive, send)
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record)["fields"] for record in caplog.records if record.name == "parley.access"]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="parley.access")
    return caplog


def counted(method: str, route: str, status: str) -> float:
    labels = {"method": method, "route": route, "status": status}
    return registry.get_sample_value("parley_http_requests_total", labels) or 0.0


async def test_each_request_has_one_line_with_the_template_of_its_route(
    log: pytest.LogCaptureFixture, db: None
) -> None:
    before = counted("GET", "/api/v1/conversations/{conversation_id}", "401")
    await ask("/api/v1/conversations/0199aaaa-0000-7000-8000-000000000001", query=b"q=canary-words")

    (line,) = lines(log)
    assert line.pop("ms") >= 0
    assert line == {"method": "GET", "route": "/api/v1/conversations/{conversation_id}", "status": 401}
    assert counted("GET", "/api/v1/conversations/{conversation_id}", "401") == before + 1


@pytest.mark.parametrize("path", ["/healthz/live", "/assets/x-12345678.js"])
async def test_probes_and_files_are_no_news(log: pytest.LogCaptureFixture, path: str) -> None:
    await ask(path)

    assert [line for line in lines(log) if line["route"] != "(none)"] == []


@pytest.mark.parametrize("path", ["/sign-in/Zx81-abcDEF_ghijkl", "/c/0199aaaa", "/canary", "/api/v1/canary"])
async def test_no_line_and_no_number_holds_a_path(
    log: pytest.LogCaptureFixture, transactional_db: None, path: str
) -> None:
    await ask(path)

    (line,) = lines(log)
    assert line["route"] in ("/sign-in/{token}", "(page)", "(none)", "/api/v1/")


async def test_strange_methods_are_counted_as_one(log: pytest.LogCaptureFixture, db: None) -> None:
    await ask("/api/v1/me", method="CANARY")

    assert lines(log)[0]["method"] == "other"


async def test_an_id_from_the_edge_is_kept_and_returned(log: pytest.LogCaptureFixture) -> None:
    assert (await ask("/healthz/live", x_request_id="edge-0123456789"))["x-request-id"] == "edge-0123456789"


@pytest.mark.parametrize("forged", ["short", "x" * 65, "a b c d e f g", "line\tINFO forged", "<script>alert(1)"])
async def test_what_is_no_id_is_replaced(forged: str) -> None:
    given = (await ask("/healthz/live", x_request_id=forged))["x-request-id"]

    assert given != forged
    assert len(given) == 32


def test_a_session_is_known_to_the_line(owner: Person) -> None:
    assert owner.browser.get("/api/v1/me").status_code == 200  # outside of a binding, to name someone is no error
