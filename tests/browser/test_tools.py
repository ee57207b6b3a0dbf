"""What stands beside the words of an answer: tools that it used, and what its model thought aloud."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bench.processes import Running
from tests.browser.conftest import ECHO
from tests.browser.test_conversation import answers, begin, ended, wait_for_words, words
from tests.live import Live, start_vendor

pytestmark = pytest.mark.browser

CALLER, THINKER = "mock-8x0-tool", "mock-8x0-reasoning:3"


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(ECHO, CALLER, THINKER)
    yield running
    running.end()


def make_bot(live: Live, name: str, tool: str) -> None:
    """On a model of which nobody knew yet that it calls tools."""
    (model,) = [card["id"] for card in live.call("GET", "/api/v1/models", live.key)["items"] if card["name"] == CALLER]
    live.call("PATCH", f"/api/v1/models/{model}", live.key, {"tools": True})
    live.call("POST", "/api/v1/bots", live.key, {"name": name, "model": model, "parameters": {"tools": [tool]}})


@pytest.mark.parametrize(
    ("bot", "tool", "card", "shown"),
    [
        ("Timekeeper", "current_time", "Used Clock", re.compile(r"Result.*\d{4}-\d\d-\d\d", re.DOTALL)),
        ("Reckoner", "calculate", "Calculator failed", re.compile("Error.*do not fit", re.DOTALL)),
    ],
)
def test_a_tool_is_a_quiet_card_that_opens_and_stays(
    page: Page, live: Live, bot: str, tool: str, card: str, shown: re.Pattern[str]
) -> None:
    make_bot(live, bot, tool)
    ended(begin(page, bot))
    expect_fold(page, card, shown)
    page.reload()
    expect_fold(page, card, shown)


def test_what_a_model_thinks_is_folded_away_until_it_is_asked_for(page: Page) -> None:
    ended(begin(page, THINKER))
    expect_fold(page, "Thoughts", re.compile("r0 r1 r2"))
    page.reload()
    expect_fold(page, "Thoughts", re.compile("r0 r1 r2"))


def expect_fold(page: Page, summary: str, shown: re.Pattern[str]) -> None:
    """Beside the whole answer, no more than these words; by the keyboard, what they stand for."""
    answer = answers(page).last
    wait_for_words(answer, 8)
    assert words(answer) == list(range(8))
    fold = answer.locator("details", has_text=summary)
    expect(fold).to_have_text(summary, use_inner_text=True)
    fold.locator("summary").press("Enter")
    expect(fold).to_contain_text(shown, use_inner_text=True)
