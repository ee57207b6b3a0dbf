"""F-21: a bucket that takes seconds for each word. Whoever uploads waits; nobody who talks does."""

import asyncio
import http.client
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest

from tests.chaos.auditor import audit
from tests.chaos.browser import browsers
from tests.chaos.conftest import QUICK, standing
from tests.chaos.faultproxy import FaultProxy
from tests.chaos.stack import OneProcess
from tests.chaos.transcript import Transcript
from tests.chaos.vendor import Vendor
from tests.servers import Moto

pytestmark = pytest.mark.thorough

UPLOADS, ASKED = 12, 12  # more uploads than a process has threads for its doors
SLOW_S = 5.0


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """The way to a bucket named `parley`."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    with Moto(tmp_path / "moto") as server:
        boto3.client("s3", endpoint_url=server.url, region_name="us-east-1").create_bucket(Bucket="parley")
        way = FaultProxy(server.port)
        yield way
        way.end()


@pytest.fixture
def stored(vendor: Vendor, tmp_path: Path, bucket: FaultProxy) -> Iterator[OneProcess]:
    where = {
        "PARLEY_S3_BUCKET": "parley",
        "PARLEY_S3_REGION": "us-east-1",
        "PARLEY_S3_ENDPOINT": f"http://127.0.0.1:{bucket.port}",
    }
    with standing(OneProcess(tmp_path / "one", vendor, where)) as stack:
        yield stack


def upload(stack: OneProcess, number: int) -> tuple[int, float]:
    """Status, and how long it took."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.live.port, timeout=60)
    headers = {"Authorization": f"Bearer {stack.key}", "Content-Type": "text/plain"}
    began = time.monotonic()
    connection.request("POST", f"/api/v1/files?name={number}.txt", b"%d words" % number, headers)
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - began


def listed(stack: OneProcess) -> float:
    """How long a list of conversations takes."""
    began = time.monotonic()
    stack.live.call("GET", "/api/v1/conversations", stack.key)
    return time.monotonic() - began


async def test_a_slow_bucket_delays_those_who_upload_and_nobody_who_talks(
    stored: OneProcess, bucket: FaultProxy, dice: random.Random, seed: int
) -> None:
    transcript, bot = Transcript(), stored.bot_of(QUICK)
    took_s, listed_s = [], []
    with ThreadPoolExecutor(UPLOADS) as people:
        assert people.submit(upload, stored, 0).result()[0] == 201
        bucket.behave("delay", SLOW_S)
        uploading = [people.submit(upload, stored, number) for number in range(1, UPLOADS + 1)]
        async with browsers(1, stored.door, transcript, dice) as (tab,):
            for _ in range(ASKED):
                began = time.monotonic()
                _, fold = await tab.ask("Go on, {key}", bot=bot)
                took_s.append(time.monotonic() - began)
                listed_s.append(await asyncio.to_thread(listed, stored))
                assert fold.end
                assert fold.end["type"] == "finished"
        still_waiting = sum(not one.done() for one in uploading)
        bucket.behave("pass")
        uploaded = [one.result() for one in uploading]
    audit(stored, transcript, seed=seed).check()
    print(f"answers took {max(took_s):.2f} s at most while {still_waiting} of {UPLOADS} uploads waited; {uploaded}")
    assert still_waiting
    assert max(took_s) < 1.5
    assert max(listed_s) < 1.5
    assert {status for status, _ in uploaded} == {201}
