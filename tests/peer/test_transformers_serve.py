"""The browser, and OpenAI's client, against `transformers serve` on a tiny model, through Parley. Run by `make peer`.

The peer has an environment of its own (1.1 GB), so `make test` leaves this out; `PEER` names that environment's folder.
"""

import http.client
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openai
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import chromium, context, page, playwright
from tests.live import Live

pytestmark = pytest.mark.peer
__all__ = ["chromium", "context", "page", "playwright"]  # fixtures of the browser's tests

MODEL = "parley/tiny"
READY_S = 120.0


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of another house, which serves our tiny model. Its base URL."""
    python = Path(os.environ["PEER"]) / "bin" / "python"
    home = tmp_path_factory.mktemp("peer")
    subprocess.run([python, Path(__file__).with_name("tiny_model.py"), home], check=True, capture_output=True)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = subprocess.Popen(
        [python.with_name("transformers"), "serve", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"},
    )
    wait_for(port)
    yield f"http://127.0.0.1:{port}/v1"
    serving.terminate()
    serving.wait(30)


def wait_for(port: int) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as asking:
                asking.request("GET", "/health")
                asking.getresponse()
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the peer did not start")


@pytest.fixture(scope="module")
def live(peer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    live = Live(tmp_path_factory.mktemp("parley"), env={"OPENAI_BASE_URL": peer, "OPENAI_API_KEY": "none"})
    live.key = live.found()
    live.start()
    live.bot_of(MODEL, live.key)
    yield live
    live.end()


def test_the_browser_talks_to_the_peers_model(page: Page, live: Live) -> None:
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Bot or model")).click()
    page.get_by_role("menuitem", name=MODEL).click()
    page.get_by_role("textbox", name="Message", exact=True).fill("Is anything ever lost?")
    page.get_by_role("button", name="Send message").click()
    answer = page.get_by_role("article", name="Answer")
    expect(answer).to_have_attribute("data-status", "completed", timeout=60_000)
    ((parts,),) = live.rows("SELECT parts FROM conversations_message WHERE role = 'assistant'")
    assert len(parts) > 40
    ((tokens,),) = live.rows("SELECT output_tokens FROM usage_usagerecord WHERE purpose = 'answer'")
    assert tokens > 0


def test_a_program_streams_from_the_peers_model_through_v1(live: Live) -> None:
    with openai.OpenAI(base_url=f"{live.address}/v1", api_key=live.key) as client:
        chunks = list(
            client.chat.completions.create(
                model=MODEL,
                messages=[{"role": "user", "content": "Hello"}],
                max_tokens=8,
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 8
    assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == ["length"]
