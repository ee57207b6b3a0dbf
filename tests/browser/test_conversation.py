"""What a person does with a conversation, and what may happen to them in the middle of it."""

import re
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bench.processes import Running
from bench.rest import Rest
from tests.browser.conftest import ECHO, ENDLESS, MARKDOWN, QUICK, SLOW
from tests.live import Live

pytestmark = pytest.mark.browser

WORD = re.compile(r"\bw(\d+)\.")  # with its dot: a stamp may look like a word, as in `w17.w12345`


def choose(page: Page, bot: str) -> None:
    page.get_by_role("button", name=re.compile("^Bot or model")).click()
    page.get_by_role("menuitem", name=bot).click()


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message", exact=True).fill(text)
    page.get_by_role("button", name="Send message").click()


def begin(page: Page, bot: str, text: str = "Hello") -> Locator:
    """A new conversation with this bot; its first answer."""
    page.goto("/")
    choose(page, bot)
    say(page, text)
    return answers(page).last


def answers(page: Page) -> Locator:
    return page.get_by_role("article", name="Answer")


def words(answer: Locator) -> list[int]:
    return [int(number) for number in WORD.findall(answer.locator("[data-answer-text]").inner_text())]


def wait_for_words(answer: Locator, least: int) -> None:
    for _ in count():
        if answer.count() and len(words(answer)) >= least:
            return
        answer.page.wait_for_timeout(30)


def ended(answer: Locator) -> None:
    expect(answer).to_have_attribute("data-status", re.compile("completed|stopped|failed|interrupted"))


def stored_words(live: Live, like: str = "completed") -> list[int]:
    """Of the newest answer, as the database has it."""
    ((parts,),) = live.rows(
        "SELECT parts FROM conversations_message WHERE role = 'assistant' AND status = ? ORDER BY id DESC LIMIT 1", like
    )
    return [int(number) for number in WORD.findall(parts)]


# What a screen reader is told, one after another.
LISTEN = """() => {
    window.heard = [];
    const listen = () => {
        const said = document.querySelector("[role=status][aria-live=polite]")?.textContent;
        if (said && said !== window.heard.at(-1)) window.heard.push(said);
    };
    new MutationObserver(listen).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def test_the_first_reply_streams_and_stays_and_is_announced_but_twice(page: Page, live: Live) -> None:
    page.goto("/")
    choose(page, SLOW)
    page.evaluate(LISTEN)
    say(page, "Hello")
    answer = answers(page).last
    wait_for_words(answer, 3)
    assert len(words(answer)) < 120, "it came in one piece"
    ended(answer)
    page.wait_for_function("window.heard.length >= 2")
    assert page.evaluate("window.heard") == ["The answer has started.", "The answer is finished."]
    assert words(answer) == stored_words(live)
    assert len(words(answer)) == 120
    page.reload()
    wait_for_words(answers(page).last, 120)
    expect(answers(page)).to_have_count(1)
    assert words(answers(page).last) == stored_words(live)


def test_a_reload_in_mid_reply_loses_nothing(page: Page, live: Live) -> None:
    answer = begin(page, SLOW)
    wait_for_words(answer, 20)
    page.reload()
    wait_for_words(answers(page).last, 20)
    page.wait_for_timeout(500)
    page.reload()
    ended(answers(page).last)
    assert words(answers(page).last) == stored_words(live)
    assert len(stored_words(live)) == 120


def test_the_network_goes_in_mid_reply_and_comes_back(page: Page, context: BrowserContext, live: Live) -> None:
    answer = begin(page, SLOW)
    wait_for_words(answer, 15)
    context.set_offline(True)
    page.wait_for_timeout(1500)
    context.set_offline(False)
    ended(answer)
    assert words(answer) == stored_words(live)
    assert len(stored_words(live)) == 120


def test_what_is_sent_without_a_network_is_kept_and_goes_out_once(
    page: Page, context: BrowserContext, live: Live
) -> None:
    begin(page, ECHO, "first")
    ended(answers(page).last)
    before = live.rows("SELECT count(*) FROM conversations_message")[0][0]
    context.set_offline(True)
    say(page, "said in a tunnel")
    expect(page.get_by_text("said in a tunnel")).to_be_visible()
    page.wait_for_timeout(500)
    context.set_offline(False)
    expect(answers(page)).to_have_count(2)
    ended(answers(page).last)
    assert live.rows("SELECT count(*) FROM conversations_message")[0][0] == before + 2


def test_the_server_is_killed_in_mid_reply_and_nothing_shown_is_lost(page: Page, live: Live) -> None:
    answer = begin(page, SLOW)
    wait_for_words(answer, 20)
    live.kill()
    shown = words(answer)
    live.start()
    ended(answers(page).last)
    assert words(answers(page).last)[: len(shown)] == shown
    assert words(answers(page).last) == stored_words(live, "interrupted")
    page.get_by_role("button", name="Continue").click()
    expect(answers(page).last).to_have_attribute("data-status", "completed")
    assert words(answers(page).last)[: len(shown)] == shown


def test_what_of_a_long_answer_is_out_of_sight_is_not_drawn_and_takes_the_same_room(page: Page) -> None:
    answer = begin(page, MARKDOWN)
    ended(answer)
    skipped = page.locator(".skipped")
    expect(skipped.first).to_be_attached()
    assert skipped.first.evaluate("(element) => !element.firstChild.checkVisibility({ contentVisibilityAuto: true })")
    tall = "(element) => element.scrollHeight"
    before = page.locator("[data-scroll]").evaluate(tall)
    page.add_style_tag(content=".skipped { content-visibility: visible !important }")
    assert page.locator("[data-scroll]").evaluate(tall) == before
    expect(answer.locator("h2").last).to_be_in_viewport()


def test_a_question_that_is_edited_by_a_key_is_in_sight_however_long_its_answer_is(page: Page) -> None:
    ended(begin(page, MARKDOWN))
    expect(page.get_by_role("button", name="Regenerate")).to_be_visible()  # so the question may be edited, too
    page.get_by_role("textbox", name="Message", exact=True).press("ArrowUp")
    expect(page.get_by_role("textbox", name="Edit message")).to_be_focused()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page.get_by_role("textbox", name="Edit message")).to_be_in_viewport()


def test_stop_keeps_what_was_written(page: Page, live: Live) -> None:
    answer = begin(page, ENDLESS)
    wait_for_words(answer, 5)
    page.get_by_role("button", name="Stop").click()
    expect(answer).to_have_attribute("data-status", "stopped")
    kept = words(answer)
    page.wait_for_timeout(300)
    assert words(answer) == kept == stored_words(live, "stopped")
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


def test_a_vendor_that_breaks_off_is_told_with_its_cause_and_the_answer_goes_on_or_begins_anew(
    page: Page, vendor: Running
) -> None:
    for remedy in ("Continue", "Retry"):
        Rest(vendor.port).post("/control/fault", {"model": "mock-20x0-cut:5"})
        answer = begin(page, QUICK, remedy)
        expect(answer).to_have_attribute("data-status", "failed")
        expect(answer.get_by_role("alert")).to_contain_text("broke off in mid-answer")
        kept = words(answer)
        assert kept == list(range(5))
        answer.get_by_role("button", name=remedy).click()
        expect(page.get_by_text("2 / 2")).to_be_visible()
        expect(answer).to_have_attribute("data-status", "completed")
        assert words(answer) == (kept if remedy == "Continue" else []) + list(range(20))
        page.get_by_role("button", name="Previous version").click()
        expect(answer).to_have_attribute("data-status", "failed")
        assert words(answer) == kept


def test_an_edit_and_a_regeneration_are_branches_between_which_one_can_go(page: Page) -> None:
    begin(page, ECHO, "first wording")
    ended(answers(page).last)
    page.get_by_text("first wording").first.hover()
    page.get_by_role("button", name="Edit message").or_(page.get_by_role("button", name="Edit")).first.click()
    page.get_by_role("textbox", name="Edit message").fill("second wording")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(answers(page).last).to_contain_text("second wording")
    ended(answers(page).last)
    expect(page.get_by_text("2 / 2")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):  # it is shown before it is stored
        page.get_by_role("button", name="Previous version").first.click()
    expect(answers(page).last).to_contain_text("first wording")
    page.reload()
    expect(answers(page).last).to_contain_text("first wording")
    answers(page).last.hover()
    page.get_by_role("button", name="Regenerate").last.click()
    expect(page.get_by_text("2 / 2")).to_be_visible()
    ended(answers(page).last)
    expect(answers(page)).to_have_count(1)


def test_two_tabs_show_the_same_while_it_is_written(page: Page, context: BrowserContext, live: Live) -> None:
    begin(page, QUICK)
    ended(answers(page).last)
    other = context.new_page()
    other.goto(page.url)
    expect(answers(other)).to_have_count(1)
    choose(page, SLOW)
    say(page, "and again")
    expect(answers(other)).to_have_count(2)
    wait_for_words(answers(other).last, 10)
    ended(answers(page).last)
    ended(answers(other).last)
    assert words(answers(page).last) == words(answers(other).last) == stored_words(live)


def test_the_guide_answers_without_any_key_and_names_its_source(page: Page) -> None:
    answer = begin(page, "Parley guide", "How do I connect a model?")
    ended(answer)
    expect(answer).to_contain_text("No language model is connected")
    expect(answer).to_contain_text("Settings → Models")
    expect(answer.get_by_text("Sources")).to_be_visible()
