"""A person in front of a fleet: through https:// and wss://, while parts of it come and go."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, SLOW
from tests.browser.test_conversation import WORD, answers, begin, ended, wait_for_words, words
from tests.fleet import Fleet
from tests.live import OWNER

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, fleet: Fleet) -> Iterator[Page]:
    """Signed in by a link; the certificate is the fleet's own, which no browser knows."""
    context = chromium.new_context(
        base_url=fleet.address, viewport={"width": 1280, "height": 800}, ignore_https_errors=True
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(fleet.run("user", "link", OWNER).strip())
    page.get_by_role("textbox", name="Message", exact=True).wait_for()
    yield page
    context.close()


def stored_words(fleet: Fleet) -> list[int]:
    """Of the newest answer, as PostgreSQL has it."""
    ((parts,),) = fleet.rows(
        "SELECT parts::text FROM conversations_message WHERE role = 'assistant' ORDER BY id DESC LIMIT 1"
    )
    return [int(number) for number in WORD.findall(parts)]


def test_a_reply_streams_over_tls_and_survives_a_reload(page: Page, fleet: Fleet) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    answer = begin(page, SLOW)
    wait_for_words(answer, 10)
    assert len(words(answer)) < 120, "it came in one piece"
    page.reload()
    ended(answers(page).last)

    assert words(answers(page).last) == stored_words(fleet) == list(range(120))
    assert set(sockets) == {f"wss://127.0.0.1:{fleet.port}/ws"}


def test_web_hosts_and_a_worker_die_in_mid_reply_and_the_person_sees_all_of_it(page: Page, fleet: Fleet) -> None:
    answer = begin(page, SLOW)
    wait_for_words(answer, 20)
    shown = words(answer)
    for part in ("web-1", "web-2"):
        fleet.kill(part)
    wait_for_words(answer, 60)
    ((owner,),) = fleet.rows("SELECT owner FROM engine_generation ORDER BY id DESC LIMIT 1")
    writer = {pid: part for part, pid in fleet.pids.items()}[int(owner.split(":")[1])]
    fleet.kill(writer)
    ended(answers(page).last)

    assert words(answers(page).last)[: len(shown)] == shown
    assert words(answers(page).last) == stored_words(fleet)
    expect(answers(page)).to_have_count(1)
