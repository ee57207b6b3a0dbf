"""Many processes keep the promise of one: ask here, read there, and kill what you like."""

import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from uuid import uuid4

import httpx
import pytest

from bench.processes import Running
from bench.tokens import WORD
from tests.live import OWNER, PASSWORD, start_vendor
from tests.many import Frame, Many, Reader, Web, Worker, seqs_of, text_of
from tests.servers import wait_until

SHORT, LONG, SILENT = "mock-20x100", "mock-240x30", "mock-20x30-silence:5"
AUTH = "/_allauth/browser/v1/auth"
TAKEOVER_S = 20.0
WITHOUT_REDIS_S = 2.0

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    vendor = start_vendor(SHORT, LONG, SILENT)
    yield vendor
    vendor.end()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, vendor: Running) -> Iterator[Many]:
    many = Many(tmp_path_factory.mktemp("many"), vendor)
    yield many
    many.end()


@pytest.fixture(scope="module")
def a(many: Many) -> Web:
    return many.web("a")


@pytest.fixture(scope="module")
def b(many: Many) -> Web:
    return many.web("b")


@pytest.fixture(autouse=True)
def workers(many: Many, a: Web) -> list[Worker]:
    """Two, whatever the test before did to them."""
    return many.workers("one", "two")


def ask(reader: Reader, bot: str, text: str = "Hello") -> Frame:
    """Post, and wait for the acknowledgement."""
    key = str(uuid4())
    parts = [{"type": "text", "text": text}]
    reader.send(type="message.post", ref=key, key=key, bot=bot, parts=parts)
    ack = reader.next("ack", "error")
    assert ack["type"] == "ack", ack
    return ack


def test_what_is_asked_here_is_read_there_as_it_is_written(many: Many, a: Web, b: Web) -> None:
    bot = many.bot_of(SHORT, a)
    with Reader(a, many.key) as asker, Reader(b, many.key) as other:
        ack = ask(asker, bot)
        other.send(type="generation.follow", ref="f", generation=ack["generation"], after=0)
        here, there = asker.events(), other.events()
    assert text_of(here) == text_of(there)
    assert numbers_in(here) == list(range(20))
    assert seqs_of(here) == seqs_of(there) == list(range(1, len(here) + 1))
    assert {frame["name"] for frame in other.frames if frame["type"] == "fact"} >= {"message.added"}
    late_s = [there[n]["heard_s"] - frame["heard_s"] for n, frame in enumerate(here[3:], start=3)]
    assert sorted(late_s)[len(late_s) // 2] < 0.2  # by frames, not by looks into SQL


def test_a_reply_whose_worker_is_killed_goes_on_in_another(many: Many, a: Web) -> None:
    many.change_model(LONG, a, prefill=True)
    bot = many.bot_of(LONG, a)
    with Reader(a, many.key) as reader:
        ack = ask(reader, bot)
        shown = reader.events(until=20)
        writer = many.writer_of(ack["generation"])
        killed_s = time.monotonic()
        writer.kill()
        rest = reader.events()
    heard = shown + rest
    after = [frame for frame in rest if frame["heard_s"] > killed_s + 1 and frame["event"]["type"] == "delta"]
    assert numbers_in(heard) == list(range(240))
    assert seqs_of(heard) == list(range(1, len(heard) + 1))
    assert after[0]["heard_s"] - killed_s < TAKEOVER_S


def test_a_worker_that_is_told_to_end_hands_over_at_once(many: Many, a: Web, workers: list[Worker]) -> None:
    many.change_model(LONG, a, prefill=True)
    bot = many.bot_of(LONG, a)
    one, two = workers
    two.end()
    with Reader(a, many.key) as reader:
        ask(reader, bot)
        shown = reader.events(until=10)
        many.workers("two")
        one.kill(signal.SIGTERM)
        rest = reader.events()
    heard = shown + rest
    assert numbers_in(heard) == list(range(240))
    assert seqs_of(heard) == list(range(1, len(heard) + 1))
    assert longest_pause_s(heard) < 5


def test_a_web_process_may_die_while_its_reply_is_written(many: Many, a: Web, b: Web) -> None:
    bot = many.bot_of(SHORT, a)
    with Reader(a, many.key) as asker:
        ack = ask(asker, bot)
        a.kill()
    try:
        with Reader(b, many.key) as reader:
            reader.send(type="generation.follow", ref="f", generation=ack["generation"], after=0)
            assert numbers_in(reader.events()) == list(range(20))
    finally:
        a.start()


def test_redis_may_be_restarted_empty_in_mid_stream(many: Many, a: Web, b: Web) -> None:
    bot = many.bot_of(LONG, a)
    with Reader(a, many.key) as asker, Reader(b, many.key) as other:
        ack = ask(asker, bot)
        other.send(type="generation.follow", ref="f", generation=ack["generation"], after=0)
        here, there = asker.events(until=20), other.events(until=20)
        many.redis.kill()
        time.sleep(1)
        many.redis.start()
        here, there = here + asker.events(), there + other.events()
        assert "facts.missed" in {frame["name"] for frame in asker.frames if frame["type"] == "fact"}
    for heard in (here, there):
        assert numbers_in(heard) == list(range(240))
        assert seqs_of(heard) == list(range(1, len(heard) + 1))
        assert longest_pause_s(heard) < WITHOUT_REDIS_S + 0.5
    # and what is asked afterwards is as quick as before
    with Reader(a, many.key) as asker:
        wait_until(lambda: "Redis is back" in a.log)
        asked_s = time.monotonic()
        ask(asker, many.bot_of(SHORT, a))
        assert asker.events(until=1)[0]["heard_s"] - asked_s < WITHOUT_REDIS_S


def test_without_redis_everything_goes_on_two_seconds_later(many: Many, a: Web, b: Web) -> None:
    bot, silent = many.bot_of(SHORT, a), many.bot_of(SILENT, a)
    many.redis.kill()
    try:
        with Reader(a, many.key) as asker, Reader(b, many.key) as other:
            asked_s = time.monotonic()
            ack = ask(asker, bot)
            assert ack["heard_s"] - asked_s < 1.0  # the broker's absence is not for the asker to wait out
            other.send(type="generation.follow", ref="f", generation=ack["generation"], after=0)
            here, there = asker.events(), other.events()
            assert here[0]["heard_s"] - asked_s < WITHOUT_REDIS_S + 1
            assert text_of(here) == text_of(there)
            assert numbers_in(here) == list(range(20))
            stop_from_elsewhere(asker, other, silent, within_s=WITHOUT_REDIS_S + 2)
            assert_sign_in_is_refused_and_reading_is_not(many, a)
            assert_a_revoked_key_closes_its_socket(many, a, b, within_s=6.0)
    finally:
        many.redis.start()


def test_a_worker_may_start_without_redis(many: Many, a: Web, workers: list[Worker]) -> None:
    bot = many.bot_of(SHORT, a)
    for worker in workers:
        worker.end()
    many.redis.kill()
    try:
        many.workers("one")
        with Reader(a, many.key) as asker:
            ask(asker, bot)
            assert numbers_in(asker.events()) == list(range(20))
    finally:
        many.redis.start()


def test_stop_works_from_another_process_while_the_vendor_is_silent(many: Many, a: Web, b: Web) -> None:
    with Reader(a, many.key) as asker, Reader(b, many.key) as other:
        stop_from_elsewhere(asker, other, many.bot_of(SILENT, a), within_s=1.0)


def test_a_revoked_key_is_out_on_all_processes(many: Many, a: Web, b: Web) -> None:
    assert_a_revoked_key_closes_its_socket(many, a, b, within_s=2.0)


def stop_from_elsewhere(asker: Reader, other: Reader, bot: str, *, within_s: float) -> None:
    ack = ask(asker, bot)
    shown = asker.events(until=4)
    time.sleep(0.5)
    other.send(type="generation.stop", ref="s", generation=ack["generation"])
    stopped_s = other.next("ack", "error")["heard_s"]
    rest = asker.events()
    assert rest[-1]["event"]["type"] == "stopped"
    assert rest[-1]["heard_s"] - stopped_s < within_s
    assert numbers_in(shown + rest) == list(range(5))


def assert_sign_in_is_refused_and_reading_is_not(many: Many, web: Web) -> None:
    with httpx.Client(base_url=web.address, timeout=10) as browser:
        answer = browser.get(f"{AUTH}/session")
        assert answer.status_code == 401
        headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Origin": web.address}
        refused = browser.post(f"{AUTH}/login", json={"email": OWNER, "password": PASSWORD}, headers=headers)
    assert (refused.status_code, "retry-after" in refused.headers) == (503, True), refused.text
    assert web.call("GET", "/api/v1/conversations", many.key).status_code == 200


def assert_a_revoked_key_closes_its_socket(many: Many, a: Web, b: Web, *, within_s: float) -> None:
    key = many.command("key", "create", OWNER, "--name", "short").strip()
    with Reader(b, key) as reader:
        reader.send(type="ping", ref="p")
        assert reader.next("pong")
        (row,) = (row for row in a.call("GET", "/api/v1/keys", many.key).json()["items"] if row["name"] == "short")
        assert a.call("DELETE", f"/api/v1/keys/{row['id']}", many.key).is_success
        revoked_s = time.monotonic()
        assert reader.next("closed")["code"] == 4401
        assert time.monotonic() - revoked_s < within_s


def longest_pause_s(frames: list[Frame]) -> float:
    pause: float = max(later["heard_s"] - earlier["heard_s"] for earlier, later in pairwise(frames))
    return pause


def numbers_in(frames: list[Frame]) -> list[int]:
    """Of the words that the text is made of: the vendor numbers them, so loss, doubling and disorder show."""
    return [int(number) for number, _ in WORD.findall(text_of(frames))]
