"""A real Parley, a mock vendor and Debian's Chromium, in which people click."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from bench.processes import Running
from tests.live import OWNER, Live, living, start_vendor

# Numbered words at a reading pace, so that a test can act in mid-reply and then see whether one is missing or doubled.
MARKDOWN = "mock-600x400-markdown"
SLOW, QUICK, ENDLESS, ECHO = "mock-120x30", "mock-20x0", "mock-40x20-endless", "mock-echo"
LETTERS = "mock-1x400-echo-letters"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


EXPECTED = re.compile(
    r"ERR_INTERNET_DISCONNECTED|WebSocket connection|ERR_CONNECTION|status of 4(01|09)"
    r"|ERR_FAILED .*/assets/"  # asked for by the service worker, while the network was off
    # A test is told what is wrong with what it typed.
    r"|status of 422 .*/api/v1/(bots|rules|shapes/check|local-models|model-downloads)\)$"
    r"|/api/v1/files\?name="  # uploads that a test cuts off, or lets the server refuse
    r"|violates .*/assets/sandbox/\S+\)$"  # hostile diagrams, stopped by their frame's own policy
    r"|127.0.0.1:\d+/api/v1/me(' violates|. Refused to connect)"  # a test knocks from inside of a diagram's frame
)
PATIENCE_MS = 30_000  # on a busy machine; a reply itself takes four seconds
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "these tests need Debian's chromium: apt-get install chromium"
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(SLOW, QUICK, ENDLESS, ECHO, LETTERS, MARKDOWN)
    yield running
    running.end()


@pytest.fixture(scope="module")
def live(vendor: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with living(tmp_path_factory.mktemp("browser"), vendor, ECHO) as live:
        yield live


@pytest.fixture
def context(chromium: Browser, live: Live) -> Iterator[BrowserContext]:
    """One browser with its own storage, signed in as the owner. What it logs as an error fails the test."""
    context = chromium.new_context(base_url=live.address, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context.new_page(), live)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = context.pages[0]
    errors: list[str] = []
    page.on("console", lambda message: errors.append(said(message)) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    keep_picture(page, request.node.name)
    assert [error for error in errors if not is_expected(error)] == []


def said(message: ConsoleMessage) -> str:
    """With the address that it is about, since what a sandbox's own policy blocks is blocked where it should be."""
    return f"{message.text} ({message.location.get('url', '')})"


def is_expected(error: str) -> bool:
    """A browser logs every connection that a test cuts, and every door that it finds shut."""
    return bool(EXPECTED.search(error.replace("\n", " ")))


def keep_picture(page: Page, name: str) -> None:
    """`PICTURES=DIR` keeps what each test saw last."""
    folder = os.environ.get("PICTURES")
    if folder and not page.is_closed():
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def sign_in(page: Page, live: Live) -> None:
    page.goto(live.run("user", "link", OWNER).strip().replace("127.0.0.1:8000", f"127.0.0.1:{live.port}"))
    page.get_by_role("textbox", name="Message", exact=True).wait_for()
