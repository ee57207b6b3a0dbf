"""A whole fleet, seen: its numbers at one address, its health, a trace through its parts, and what its logs keep out."""

import http.client
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bench.processes import Running
from tests.fleet import Fleet, wait_until
from tests.live import PASSWORD, start_vendor
from tests.otlp import Collector

MODEL = "mock-20x0-echo"
ASKED = "canary-of-a-question-5d1e"
SOUGHT = "canary-of-a-search-77ab"
VENDOR_KEY = "sk-canary-of-a-vendor-0123456789"
PARTS = {"web": 2, "worker": 3, "beat": 1}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    receiving = Collector()
    yield receiving
    receiving.end()


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(MODEL)
    yield running
    running.end()


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, vendor: Running, collector: Collector) -> Iterator[Fleet]:
    env = {
        "PARLEY_LOG_FORMAT": "json",
        "PARLEY_LOG_LEVEL": "debug",
        "PARLEY_TRACES": collector.address,
        "OPENAI_API_KEY": VENDOR_KEY,
    }
    whole = Fleet(tmp_path_factory.mktemp("watched"), vendor, env)
    whole.start()
    try:
        whole.found()
        yield whole
    finally:
        whole.end()


@pytest.fixture(scope="module")
def answered(fleet: Fleet) -> str:
    """A generation that has ended; the walk that the logs are searched for."""
    conversation = fleet.call("POST", "/api/v1/conversations", {"bot": fleet.bot_of(MODEL)})["id"]
    body = {"key": str(uuid.uuid4()), "parts": [{"type": "text", "text": ASKED}]}
    generation = str(fleet.call("POST", f"/api/v1/conversations/{conversation}/messages", body)["generation"])
    wait_until(lambda: bool(fleet.call("GET", f"/api/v1/generations/{generation}")["status"] == "completed"))
    return generation


def numbers(fleet: Fleet) -> dict[str, dict[str, float]]:
    """By name and process; what is shared has the process ""."""
    with urlopen(f"http://{fleet.settings['PARLEY_METRICS']}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            process = sample.labels.get("process", "")
            of_name = found.setdefault(sample.name, {})
            of_name[process] = of_name.get(process, 0.0) + sample.value
    return found


def test_one_address_answers_for_every_process(fleet: Fleet, answered: str) -> None:
    seen = numbers(fleet)
    up = seen["parley_process_up"]

    assert set(up.values()) == {1.0}
    assert {part: sum(name.startswith(f"{part}-") for name in up) for part in PARTS} == PARTS
    assert sum(value for name, value in seen["parley_answers_total"].items() if name.startswith("worker-")) >= 1
    assert sum(value for name, value in seen["parley_http_requests_total"].items() if name.startswith("web-")) >= 3
    assert sum(seen["parley_first_token_seconds_count"].values()) >= 1
    assert sum(seen["parley_commit_seconds_count"].values()) >= 1
    assert sum(seen["parley_tasks_total"].values()) >= 1
    assert seen["parley_queue_depth"] == {"": 0.0}
    assert seen["parley_database_up"] == {"": 1.0}
    assert sum(seen["parley_database_pool"].values()) >= 2


def test_numbers_do_not_pass_the_edge_and_health_does(fleet: Fleet) -> None:
    def status(path: str) -> int:
        connection = http.client.HTTPSConnection("127.0.0.1", fleet.port, timeout=20, context=fleet.tls)
        connection.request("GET", path)
        return connection.getresponse().status

    assert status("/metrics") == 404
    assert status("/healthz/ready") in (200, 404)  # an edge may keep it to itself


def test_every_part_says_that_it_is_ready_and_why_not(fleet: Fleet) -> None:
    lines = fleet.run("health").splitlines()

    assert len(lines) == sum(PARTS.values())
    assert all(line.endswith(": ok") for line in lines)
    assert len(fleet.run("health", "--part", "worker", "--live").splitlines()) == 3
    with urlopen(f"http://{fleet.settings['PARLEY_METRICS']}/healthz/ready", timeout=10) as answer:
        checks = {check["name"] for check in json.load(answer)["checks"]}
    assert {"serving", "database"} <= checks


def checks(port: int) -> tuple[int, dict[str, str]]:
    """The status of a web host's readiness, and the state of each of its checks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/healthz/ready")
    answer = connection.getresponse()
    said = json.loads(answer.read())
    return answer.status, {check["name"]: check["state"] for check in said["checks"]}


@pytest.mark.parametrize(
    ("part", "check", "state", "status"),
    [("redis", "redis", "degraded", 200), ("postgres", "database", "failing", 503)],
)
def test_a_server_that_hangs_is_told(
    fleet: Fleet, answered: str, part: str, check: str, state: str, status: int
) -> None:
    """Without Redis all goes on, so nobody leaves service for it; without the database nobody can serve."""
    port = next(_ports_of(fleet.pids["web-1"]))
    hung = [psutil.Process(fleet.pids[part]), *psutil.Process(fleet.pids[part]).children(recursive=True)]
    for process in hung:
        process.suspend()
    try:
        wait_until(lambda: checks(port)[1].get(check) == state)
        assert checks(port)[0] == status
    finally:
        for process in hung:
            process.resume()
    well = {"serving": "ok", "database": "ok", "loop": "ok", "redis": "ok"}
    wait_until(lambda: checks(port) == (200, well), timeout_s=60)


def _ports_of(pid: int) -> Iterator[int]:
    """Where a process and its children listen for HTTP."""
    for process in (psutil.Process(pid), *psutil.Process(pid).children()):
        for connection in process.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN:
                yield connection.laddr.port


def test_where_nothing_runs_nothing_is_ready(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("parley")), "health", "--data", str(tmp_path / "empty")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "no process" in done.stderr


def test_a_question_is_traced_from_web_to_worker_to_vendor(fleet: Fleet, answered: str, collector: Collector) -> None:
    spans = collector.trace_with("ask", "reply", "vendor call", "commit")
    by_name = {span.name: span for span in spans}

    assert by_name["ask"].part == "web"
    assert by_name["reply"].part == by_name["vendor call"].part == "worker"
    assert by_name["reply"].parent == by_name["ask"].id
    assert by_name["vendor call"].events == ("first token",)
    assert any(span.name == "POST /api/v1/conversations/{conversation_id}/messages" for span in spans)


def test_logs_hold_what_happened_and_not_what_was_said(fleet: Fleet, answered: str, collector: Collector) -> None:
    fleet.call("GET", f"/api/v1/search?q={SOUGHT}")
    link = re.search(r"/sign-in/([\w-]+)", fleet.run("user", "link", "owner@example.org"))
    assert link
    connection = http.client.HTTPSConnection("127.0.0.1", fleet.port, timeout=20, context=fleet.tls)
    connection.request("GET", f"/sign-in/{link.group(1)}")
    connection.getresponse().read()
    logs = {path.name: path.read_text(errors="replace") for path in (fleet.folder / "logs").glob("*.log")}
    secrets = [ASKED, SOUGHT, VENDOR_KEY, fleet.key, link.group(1), PASSWORD, fleet.settings["PARLEY_DATABASE_URL"]]

    assert [(name, secret) for name, text in logs.items() for secret in secrets if secret in text] == []
    assert all(secret.encode() not in body for body in collector.bodies for secret in secrets)
    told = [json.loads(line) for name in logs if name.startswith("web") for line in logs[name].splitlines()]
    asked = [line for line in told if line.get("route") == "/api/v1/conversations/{conversation_id}/messages"]
    assert asked[0]["status"] == 202
    assert asked[0].keys() >= {"time", "level", "request", "user", "workspace", "method", "ms"}
