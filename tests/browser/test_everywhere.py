"""Everywhere the same app: enlarged, by touch, from right to left, by keyboard alone, without motion, and never with old news."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.axe import violations
from tests.browser.conftest import ECHO, ENDLESS, keep_picture, sign_in
from tests.browser.layout import rests_at, still
from tests.browser.test_app import RICH
from tests.browser.test_conversation import answers, begin, ended, wait_for_words
from tests.browser.ways import SCHEMES, Scheme, turn
from tests.live import Live

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/library",
    "/playground",
    "/search?q=word",
    "/bots",
    "/bots/new",
    "/settings/profile",
    "/settings/appearance",
    "/settings/prompts",
    "/settings/keys",
    "/settings/sessions",
    "/settings/data",
    "/settings/models",
    "/settings/rules",
    "/settings/people",
    "/settings/workspace",
    "/settings/usage",
    "/settings/health",
)
# What stands beyond the screen, where nothing scrolls to it.
LOST = """() => {
    const scrolls = (element) => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
            const { overflowX } = getComputedStyle(at);
            if (overflowX === "auto" || overflowX === "scroll") return true;
            if (overflowX === "hidden" && at.getBoundingClientRect().right <= innerWidth + 1) return true;
        }
        return false;
    };
    const out = [...document.querySelectorAll("button, a[href], input, textarea, h1, h2, h3, p, label, [role=combobox]")]
        .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        .filter((element) => {
            const { left, right, width, height } = element.getBoundingClientRect();
            return width > 1 && height > 1 && (right > innerWidth + 1 || left < -1) && !scrolls(element);
        })
        .map((element) => element.outerHTML.slice(0, 160));
    const wide = document.scrollingElement.scrollWidth;
    return wide > innerWidth ? [`the page is ${wide} wide`, ...out] : out;
}"""
# As a browser's own setting for the size of letters does it; resolved when two frames have been drawn with it.
LARGE_LETTERS = """() => {
    document.documentElement.style.fontSize = "200%";
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}"""
# WCAG 2.2, 2.5.8: at least 24 by 24, but for words in a sentence; what is hidden behind its label counts with it.
SMALL = """() => [...document.querySelectorAll("button, a[href], input, [role=button], [role=tab], [role=combobox]")]
    .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((element) => !element.closest("[data-answer-text] p, [data-answer-text] li, p, .MuiInputBase-root"))
    .filter((element) => getComputedStyle(element).clipPath === "none")
    .map((element) => [element, (element.closest("label") ?? element).getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && (width < 24 || height < 24))
    .map(([element, { width, height }]) => `${Math.round(width)}x${Math.round(height)} ${element.outerHTML.slice(0, 160)}`)"""


def settle(page: Page, path: str) -> None:
    """The page, with what it asks the server for."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_at_200_percent_nothing_is_lost_on_any_page(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 400})  # what 1280 by 800 are when everything is twice as large
    begin(page, ECHO, RICH)
    ended(answers(page).last)
    lost = {"a conversation": page.evaluate(LOST)}
    for path in PAGES:
        settle(page, path)
        lost[path] = page.evaluate(LOST)
        keep_picture(page, f"zoomed{path.replace('/', '-')}")
    assert {path: found for path, found in lost.items() if found} == {}


def test_with_letters_twice_as_large_nothing_is_lost_on_any_page(page: Page) -> None:
    begin(page, ECHO, RICH)
    ended(answers(page).last)
    page.evaluate(LARGE_LETTERS)
    lost = {"a conversation": page.evaluate(LOST)}
    for path in PAGES:
        settle(page, path)
        page.evaluate(LARGE_LETTERS)
        lost[path] = page.evaluate(LOST)
        keep_picture(page, f"letters{path.replace('/', '-')}")
    assert {path: found for path, found in lost.items() if found} == {}


def test_by_touch_everything_is_there_and_large_enough(chromium: Browser, live: Live) -> None:
    context = chromium.new_context(
        base_url=live.address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    sign_in(page, live)
    answer = begin(page, ECHO, RICH)
    ended(answer)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    for name in ("Copy", "Regenerate", "Edit"):  # nothing hovers here
        expect(page.get_by_role("main").get_by_role("button", name=name).first).to_have_css("opacity", "1")
    small = {"a conversation": page.evaluate(SMALL)}
    lost = {"a conversation": page.evaluate(LOST)}
    keep_picture(page, "touch-conversation")
    page.get_by_role("button", name="Open sidebar").tap()
    expect(page.get_by_role("dialog", name="Conversations and account")).to_be_visible()
    still(page)
    small["the sidebar"] = page.evaluate(SMALL)
    page.get_by_role("dialog").get_by_role("link").first.tap()
    expect(page.get_by_role("dialog", name="Conversations and account")).to_have_count(0)
    for path in PAGES:
        settle(page, path)
        small[path], lost[path] = page.evaluate(SMALL), page.evaluate(LOST)
        keep_picture(page, f"touch{path.replace('/', '-')}")
    context.close()
    assert {path: found for path, found in small.items() if found} == {}
    assert {path: found for path, found in lost.items() if found} == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_from_right_to_left_every_page_is_whole(page: Page, width: int) -> None:
    page.goto("/")
    page.evaluate("localStorage.setItem('parley.locale', 'ar')")
    page.set_viewport_size({"width": width, "height": 800})
    wrong = {}
    for path in PAGES:
        settle(page, path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        wrong[path] = [*page.evaluate(LOST), *violations(page)]
        keep_picture(page, f"rtl-{width}{path.replace('/', '-')}")
    page.evaluate("localStorage.removeItem('parley.locale')")
    assert {path: found for path, found in wrong.items() if found} == {}


def test_from_right_to_left_typed_english_ends_with_its_mark_and_days_stand_on_one_line(page: Page, live: Live) -> None:
    begin(page, ECHO, "to be counted")
    ended(answers(page).last)
    live.run("usage")
    page.evaluate("localStorage.setItem('parley.locale', 'ar')")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page, "/bots/new")
    greeting = page.locator("textarea:not([aria-hidden])").nth(1)
    greeting.fill("Hello! What shall we look at?")
    keep_picture(page, "rtl-typed")
    assert greeting.evaluate("(field) => getComputedStyle(field).unicodeBidi") == "plaintext"
    settle(page, "/settings/usage")
    day = page.get_by_role("rowheader").last
    keep_picture(page, "rtl-usage")
    lines = """(cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map(({ top }) => top)).size;
    }"""
    assert day.evaluate(lines) == 1
    page.evaluate("localStorage.clear()")


def test_stop_edit_and_branches_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    page.keyboard.type(f"@{ENDLESS}")
    expect(page.get_by_role("menuitem", name=ENDLESS)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Bot or model: {ENDLESS}")).to_be_visible()
    page.keyboard.type("go on for ever")
    page.keyboard.press("Enter")
    wait_for_words(answers(page).last, 3)
    page.keyboard.press("Escape")
    expect(answers(page).last).to_have_attribute("data-status", "stopped")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("textbox", name="Edit message")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("another branch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="Your message")).to_contain_text("another branch")
    expect(answers(page).last).to_have_attribute("data-status", "writing")
    wait_for_words(answers(page).last, 3)
    page.keyboard.press("Escape")
    ended(answers(page).last)
    previous = page.get_by_role("button", name="Previous version").first
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if previous.evaluate("(button) => button === document.activeElement"):
            break
    expect(previous).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="Your message")).to_contain_text("go on for ever")


def test_who_wants_no_motion_sees_none(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    answer = begin(page, ENDLESS)
    wait_for_words(answer, 3)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Commands")).to_be_visible()
    moving = page.evaluate("document.getAnimations().map((one) => one.effect.getComputedTiming().endTime)")
    assert [end for end in moving if end > 1] == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    ended(answers(page).last)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_system_decides_between_light_and_dark(page: Page, scheme: Scheme) -> None:
    turn(page, scheme)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-scheme", scheme)


def test_old_news_is_never_shown_as_new(page: Page, context: BrowserContext, live: Live) -> None:
    begin(page, ECHO, "an old name")
    ended(answers(page).last)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    link = page.get_by_role("navigation").get_by_role("link", name="an old name")
    expect(link).to_be_visible()
    conversation = page.url.rpartition("/")[2]
    context.set_offline(True)
    known = live.call("GET", f"/api/v1/conversations/{conversation}", live.key)
    changes = {"title": "a new name", "version": known["version"]}
    live.call("PATCH", f"/api/v1/conversations/{conversation}", live.key, changes)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    expect(page.get_by_text("an old name")).to_have_count(0)
    context.set_offline(False)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("navigation").get_by_role("link", name="a new name")).to_be_visible()
    kept = page.evaluate("""async () => {
        const requests = (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys())));
        return requests.flat().map(({ url }) => new URL(url).pathname);
    }""")
    assert [path for path in kept if not re.match(r"/$|/assets/", path)] == []


def test_what_is_not_known_yet_is_not_said(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/v1/models", lambda route: held.append(route))
    page.goto("/")
    choice = page.get_by_role("button", name=re.compile("^Bot or model"))
    expect(choice).to_have_text("…")
    for route in held:
        route.continue_()
    expect(choice).to_have_text(re.compile("mock"))


def test_who_reads_further_up_stays_there_while_words_come_and_returns_by_one_click(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 360})
    answer = begin(page, ENDLESS)
    wait_for_words(answer, 150)
    scroller = page.locator("[data-scroll]")
    scroller.hover()
    page.mouse.wheel(0, -200)
    to_newest = page.get_by_role("button", name="Go to the newest message")
    expect(to_newest).to_be_visible()
    before = rests_at(scroller)
    wait_for_words(answer, 250)
    assert abs(scroller.evaluate("(box) => box.scrollTop") - before) < 2
    to_newest.click()
    expect(to_newest).to_have_count(0)
    page.keyboard.press("Escape")
    ended(answers(page).last)


def test_the_line_says_that_the_network_is_gone_and_goes_when_it_is_back(page: Page, context: BrowserContext) -> None:
    begin(page, ECHO, "before the tunnel")
    ended(answers(page).last)
    context.set_offline(True)
    line = page.get_by_role("status").filter(has_text="No connection. What you send is kept")
    expect(line).to_be_visible()
    assert violations(page) == []
    context.set_offline(False)
    expect(line).to_have_count(0)
