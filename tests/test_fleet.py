"""The whole topology on this machine: its parts, its edge, and what happens when one of them dies."""

import http.client
import json
import os
import signal
import socket
import stat
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg
import pytest

from parley.api.headers import HEADERS, content_policy
from tests.fleet import PARTS, Fleet, wait_until
from tests.live import OWNER, PASSWORD

REPLY, STREAM = "mock-20x0", "mock-120x30"
Headers = dict[str, str]


def fetch(
    fleet: Fleet, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, Headers, bytes]:
    """What the edge says; names of headers in lower case, several of one name with a bar between."""
    connection = http.client.HTTPSConnection("127.0.0.1", fleet.port, timeout=20, context=fleet.tls)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    said: Headers = {}
    for name, value in answer.getheaders():
        said[name.lower()] = f"{said[name.lower()]} | {value}" if name.lower() in said else value
    raw = answer.read()
    connection.close()
    return answer.status, said, raw


def ask(fleet: Fleet, text: str = "Hello") -> str:
    """A message to the mock model; the id of the generation that answers it."""
    conversation = fleet.call("POST", "/api/v1/conversations", {"bot": fleet.bot_of(REPLY)})
    body = {"key": str(uuid.uuid4()), "parts": [{"type": "text", "text": text}]}
    asked = fleet.call("POST", f"/api/v1/conversations/{conversation['id']}/messages", body)
    return str(asked["generation"])


def ask_again(fleet: Fleet) -> str:
    """As a program does: a 503 names when to come back, and anything else is a failure."""
    until_s = time.monotonic() + 30
    while True:
        try:
            return ask(fleet)
        except AssertionError as refused:
            if "(503, " not in str(refused) or time.monotonic() > until_s:
                raise
            time.sleep(0.5)


def completed(fleet: Fleet, generation: str) -> None:
    wait_until(lambda: bool(fleet.call("GET", f"/api/v1/generations/{generation}")["status"] == "completed"))


def is_up(fleet: Fleet) -> bool:
    try:
        return fetch(fleet, "/healthz/ready")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


# --- What it consists of ------------------------------------------------------------------------------------------------


def test_it_names_its_address_its_parts_and_the_way_in(fleet: Fleet) -> None:
    assert f"Parley fleet is ready at {fleet.address}/" in fleet.said
    assert set(fleet.pids) == set(PARTS)
    for name, pid in fleet.pids.items():
        assert psutil.pid_exists(pid)
        assert f"  {name:<10} pid {pid}" in fleet.said
    assert f"{fleet.address}/sign-in/" in fleet.said


def test_all_it_listens_on_is_this_machines_own(fleet: Fleet) -> None:
    listening = {
        connection.laddr.ip
        for process in fleet.processes()
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_commands_find_it_by_its_folder_which_is_nobody_elses(fleet: Fleet) -> None:
    link = fleet.run("user", "create", f"{uuid.uuid4().hex[:8]}@example.org").strip()

    assert link.startswith(f"{fleet.address}/sign-in/")
    assert stat.S_IMODE((fleet.folder / "parley.env").stat().st_mode) == 0o600
    assert fetch(fleet, link.removeprefix(fleet.address))[0] == 303


def test_a_second_parley_is_refused_on_its_folder(fleet: Fleet) -> None:
    with pytest.raises(AssertionError, match="Another Parley is running on this data folder"):
        fleet.run("up", "--port", "0")


def test_a_reply_is_written_by_a_worker_and_read_through_any_web_host(fleet: Fleet) -> None:
    generation = ask(fleet)
    completed(fleet, generation)
    ((owner,),) = fleet.rows("SELECT owner FROM engine_generation WHERE id = %s", generation)

    assert int(owner.split(":")[1]) in (fleet.pids["replies-1"], fleet.pids["replies-2"])


def test_the_replica_follows(fleet: Fleet) -> None:
    completed(fleet, ask(fleet))

    def rows(name: str) -> list[tuple[int]]:
        with psycopg.connect(fleet.settings[name], autocommit=True) as connection:
            return connection.execute("SELECT count(*) FROM engine_generation").fetchall()

    wait_until(lambda: rows("PARLEY_REPLICA_URL") == rows("PARLEY_DATABASE_URL"))


# --- The edge -----------------------------------------------------------------------------------------------------------


def an_asset(fleet: Fleet) -> str:
    page = fetch(fleet, "/")[2].decode()
    return page.partition('src="')[2].partition('"')[0]


def test_a_file_comes_from_the_edge_for_ever_packed_and_with_parleys_own_headers(fleet: Fleet) -> None:
    status, headers, _ = fetch(fleet, an_asset(fleet), Accept_Encoding="gzip")

    assert status == 200
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-encoding"] == "gzip"
    for name, value in {
        **HEADERS,
        "Content-Security-Policy": content_policy(),
        "X-Content-Type-Options": "nosniff",
    }.items():
        assert headers[name.lower()] == value


def test_no_security_header_is_said_twice(fleet: Fleet) -> None:
    for path in ("/", an_asset(fleet), "/api/v1/me", "/static/admin/css/base.css"):
        assert not [name for name, value in fetch(fleet, path)[1].items() if " | " in value and name != "set-cookie"]


def test_metrics_are_not_for_the_world(fleet: Fleet) -> None:
    assert fetch(fleet, "/metrics")[0] == 404


def test_it_speaks_http_2(fleet: Fleet) -> None:
    tls = fleet.tls
    tls.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", fleet.port)) as plain,
        tls.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        assert connection.selected_alpn_protocol() == "h2"
        assert connection.version() in ("TLSv1.2", "TLSv1.3")


def test_who_comes_without_tls_is_sent_to_it(fleet: Fleet) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", fleet.port, timeout=20)
    connection.request("GET", "/settings?a=1")
    answer = connection.getresponse()
    connection.close()

    assert (answer.status, answer.getheader("Location")) == (308, f"{fleet.address}/settings?a=1")


def test_what_is_too_large_is_refused_at_the_edge_in_parleys_own_words(fleet: Fleet) -> None:
    status, headers, raw = fetch(fleet, "/api/v1/conversations", "POST", b"x", Content_Length=str(10**9))

    assert status == 413
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(raw)["code"] == "too_large"


def sign_in(fleet: Fleet, address: str) -> None:
    """As a browser does, but with a lie, or a proxy's truth, about where it is."""
    who = fetch(fleet, "/_allauth/browser/v1/config")[1]["set-cookie"]
    token = who.partition("csrftoken=")[2].partition(";")[0]
    status, _, raw = fetch(
        fleet,
        "/_allauth/browser/v1/auth/login",
        "POST",
        json.dumps({"email": OWNER, "password": PASSWORD}).encode(),
        Content_Type="application/json",
        Cookie=f"csrftoken={token}",
        X_CSRFToken=token,
        Origin=fleet.address,
        Referer=f"{fleet.address}/",
        X_Forwarded_For=address,
        X_Real_IP=address,
        Forwarded=f"for={address}",
    )
    assert status == 200, raw


def addresses(fleet: Fleet) -> set[str]:
    return {str(ip) for (ip,) in fleet.rows("SELECT ip FROM usersessions_usersession")}


def test_what_a_client_says_of_its_own_address_counts_for_nothing(fleet: Fleet) -> None:
    sign_in(fleet, "203.0.113.9")

    assert addresses(fleet) == {"127.0.0.1"}


def test_a_stream_comes_through_the_edge_word_by_word(fleet: Fleet) -> None:
    fleet.bot_of(STREAM)
    connection = http.client.HTTPSConnection("127.0.0.1", fleet.port, timeout=20, context=fleet.tls)
    body = {"model": STREAM, "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": f"Bearer {fleet.key}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    answer = connection.getresponse()
    moments = [time.monotonic() for line in answer if b'"content"' in line]
    connection.close()

    assert answer.status == 200
    assert moments[-1] - moments[0] > 2, "120 words at 30 a second came in one piece"


# --- Death --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_is_started_again(fleet: Fleet, part: str) -> None:
    old = fleet.kill(part)
    fleet.wait_for_part(part, not_pid=old)
    wait_until(lambda: is_up(fleet))

    completed(fleet, ask_again(fleet))
    assert fleet.rows("SELECT 1") == [(1,)]


def test_no_web_process_outlives_the_gunicorn_that_made_it(fleet: Fleet) -> None:
    children = psutil.Process(fleet.pids["web-1"]).children()
    assert children
    fleet.wait_for_part("web-1", not_pid=fleet.kill("web-1"))

    psutil.wait_procs(children, timeout=10)
    assert not [child for child in children if child.is_running()]


def test_the_fleet_is_killed_and_leaves_nothing_behind_and_comes_back_with_its_data(fleet: Fleet) -> None:
    generation = ask(fleet)
    completed(fleet, generation)
    processes = fleet.processes()
    os.kill(fleet.supervisor, signal.SIGKILL)
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert alive == []

    # From here on this machine's address is counted and that of a proxy, for the next two tests.
    fleet.start(PARLEY_EDGE_UNLIMITED="10.0.0.0/8", PARLEY_TRUSTED_PROXIES="127.0.0.1")
    completed(fleet, generation)


def test_what_a_listed_proxy_says_of_the_address_counts(fleet: Fleet) -> None:
    sign_in(fleet, "198.51.100.7, 203.0.113.9")

    assert addresses(fleet) == {"127.0.0.1", "203.0.113.9"}


def test_an_address_that_knocks_too_often_at_the_sign_in_is_told_to_wait(fleet: Fleet) -> None:
    """Five a second and forty at once are allowed: a busy machine may take seconds for all of these."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fetch(fleet, "/_allauth/browser/v1/config"), range(150)))
    refused = [(headers, raw) for status, headers, raw in answers if status != 200]

    assert Counter(status for status, _, _ in answers).keys() == {200, 429}
    assert all(headers["retry-after"] == "2" and json.loads(raw)["code"] == "too_many" for headers, raw in refused)


def test_it_ends_in_good_order_and_leaves_nothing_behind(fleet: Fleet) -> None:
    processes = fleet.processes()
    began_s = time.monotonic()
    assert fleet.end() == 0
    _, alive = psutil.wait_procs(processes, timeout=1)

    assert alive == []
    assert time.monotonic() - began_s < 45
    assert "did not end" not in fleet.said
    fleet.start()  # for the browser's tests, which come last
