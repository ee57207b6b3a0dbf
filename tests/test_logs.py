"""One whole process: a walk with words that are then sought in its log, its numbers, and how it says goodbye."""

import http.client
import json
import re
import signal
import time
import uuid
from collections.abc import Iterator

import pytest
from websockets.sync.client import connect

from bench.processes import Running
from tests.live import PASSWORD, Live, start_vendor

ASKED, SOUGHT, BROKEN = "canary-question-41c0", "canary-search-9f2d", "canary-broken-body-08aa"
VENDOR_KEY = "sk-canary-vendor-0123456789abcdef"
# What is said, and all ways to fail: refused, garbage, an error in mid-answer, cut, a web page.
MODELS = ("mock-8x0-echo", "mock-401", "mock-8x0-garbage:2", "mock-8x0-errorevent:2", "mock-8x0-cut:2", "mock-8x0-html")


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(*MODELS)
    yield running
    running.end()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory, vendor: Running) -> Iterator[Live]:
    env = {
        "PARLEY_LOG_FORMAT": "json",
        "PARLEY_LOG_LEVEL": "debug",
        "OPENAI_API_KEY": VENDOR_KEY,
        "PARLEY_DRAIN_S": "5",
    }
    one = Live(tmp_path_factory.mktemp("logs") / "data", vendor, env)
    one.key = one.found()
    yield one
    one.end()


@pytest.fixture
def live(founded: Live) -> Live:
    """It runs, whatever the test before has done to it."""
    if not founded.is_running:
        founded.start()
    return founded


def raw(live: Live, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=20)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Content-Type": "application/json", **given})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders())


def ask_every_model(live: Live) -> None:
    for model in MODELS:
        conversation = live.call("POST", "/api/v1/conversations", live.key, {"bot": live.bot_of(model, live.key)})["id"]
        body = {"key": str(uuid.uuid4()), "parts": [{"type": "text", "text": ASKED}]}
        asked = live.call("POST", f"/api/v1/conversations/{conversation}/messages", live.key, body)["generation"]
        until = time.monotonic() + 30
        while live.call("GET", f"/api/v1/generations/{asked}", live.key)["status"] in ("queued", "running"):
            assert time.monotonic() < until
            time.sleep(0.05)


def say_by_socket(live: Live) -> None:
    headers = {"Authorization": f"Bearer {live.key}"}
    with connect(f"ws://127.0.0.1:{live.port}/ws", additional_headers=headers) as socket:
        parts = [{"type": "text", "text": ASKED}]
        socket.send(json.dumps({"type": "message.post", "key": str(uuid.uuid4()), "parts": parts, "trace": BROKEN}))
        socket.send(f'{{"type": "message.post", "{BROKEN}')
        socket.send(json.dumps({"type": "message.post", "key": BROKEN, "parts": [{"type": BROKEN}]}))
        for _ in range(3):
            socket.recv(timeout=10)


def test_no_log_holds_what_was_said_or_what_opens_a_door(live: Live) -> None:
    bearer = {"Authorization": f"Bearer {live.key}"}
    ask_every_model(live)
    say_by_socket(live)
    live.call("GET", f"/api/v1/search?q={SOUGHT}", live.key)
    raw(live, "POST", "/api/v1/conversations", f'{{"title": "{BROKEN}'.encode(), **bearer)
    raw(live, "POST", "/v1/chat/completions", f'{{"model": "{BROKEN}", "messages": 7}}'.encode(), **bearer)
    raw(live, "GET", f"/{BROKEN}?{BROKEN}={BROKEN}", Cookie=f"parley_session={BROKEN}", X_Request_ID=f"{BROKEN} forged")
    link = re.search(r"/sign-in/([\w-]+)", live.run("user", "link", "owner@example.org"))
    assert link
    _, headers = raw(live, "GET", f"/sign-in/{link.group(1)}")
    session = re.search(r"parley_session=(\w+)", headers.get("Set-Cookie", ""))
    live.end()
    log = live.log
    secrets = [ASKED, SOUGHT, BROKEN, VENDOR_KEY, live.key, PASSWORD, link.group(1)]
    secrets += [session.group(1)] if session else []

    assert [secret for secret in secrets if secret in log] == []
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["route"] for line in lines if line["logger"] == "parley.access"} >= {
        "/api/v1/search",
        "/v1/chat/completions",
        "/sign-in/{token}",
    }
    assert any("user" in line and "request" in line for line in lines)


def wait_for_no(live: Live) -> None:
    """Until it says that it takes nobody on any more."""
    while raw(live, "GET", "/healthz/ready")[0] != 503:
        time.sleep(0.02)


def test_who_is_told_to_stop_says_so_before_it_stops(live: Live) -> None:
    assert raw(live, "GET", "/healthz/ready")[0] == 200
    assert live.run("health").strip().endswith(": ok")
    begun = time.monotonic()
    assert live._popen
    live._popen.send_signal(signal.SIGTERM)
    wait_for_no(live)

    assert raw(live, "GET", "/healthz/live")[0] == 200
    assert raw(live, "GET", "/api/v1/me", Authorization=f"Bearer {live.key}")[0] == 200
    live.wait()
    assert time.monotonic() - begun >= 5


def test_a_second_word_is_not_waited_for(founded: Live) -> None:
    founded.end()
    founded.start(PARLEY_DRAIN_S="90")
    assert founded._popen
    founded._popen.send_signal(signal.SIGTERM)
    wait_for_no(founded)
    founded._popen.send_signal(signal.SIGTERM)

    founded.wait(timeout_s=60)


def test_numbers_are_for_this_machine_and_not_for_an_edge(live: Live) -> None:
    assert raw(live, "GET", "/metrics")[0] == 200
    assert raw(live, "GET", "/metrics", X_Forwarded_For="127.0.0.1")[0] == 404
