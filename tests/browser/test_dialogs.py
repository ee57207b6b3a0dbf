"""Every dialog and every menu, opened as a person opens it: nothing for axe in light or dark, and Escape closes it."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import ECHO, QUICK, keep_picture, sign_in
from tests.browser.test_conversation import answers, begin, ended
from tests.browser.ways import SCHEMES, turn
from tests.live import Live

pytestmark = pytest.mark.browser

Layer = Literal["dialog", "menu", "listbox"]


class Looker:
    """Looks at what was opened, in both schemes, closes it, and remembers what was wrong."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: dict[str, list[str]] = {}

    def look(self, name: str, layer: Layer = "dialog") -> None:
        """What lies above the page is a dialog, a menu, or the list of a field."""
        shown = self.page.get_by_role(layer)
        expect(shown.last).to_be_visible()
        for scheme in SCHEMES:
            turn(self.page, scheme)
            if found := violations(self.page):
                self.wrong[f"{name}, {scheme}"] = found
            keep_picture(self.page, f"layer-{re.sub(r'[^a-z]+', '-', name.lower())}-{scheme}")
        turn(self.page, "light")
        self.page.keyboard.press("Escape")
        expect(shown).to_have_count(0)

    def press(self, button: str, name: str = "", layer: Layer = "dialog") -> None:
        self.page.get_by_role("button", name=re.compile(button)).first.click()
        self.look(name or button, layer)

    def choose(self, menu: str, item: str) -> None:
        """A dialog behind an item of a menu."""
        self.page.get_by_role("button", name=re.compile(menu)).first.click()
        self.page.get_by_role("menuitem", name=re.compile(item)).click()
        self.look(item)


@pytest.fixture
def looker(page: Page) -> Iterator[Looker]:
    looker = Looker(page)
    yield looker
    assert looker.wrong == {}


def test_dialogs_and_menus_around_a_conversation(page: Page, looker: Looker) -> None:
    begin(page, QUICK, "compare these")
    ended(answers(page).last)
    looker.press("^Answer again with", layer="menu")
    page.get_by_role("button", name="Answer again with").click()
    page.get_by_role("menuitem", name=ECHO).click()
    expect(answers(page).last).to_contain_text("compare these")
    ended(answers(page).last)
    looker.press("^Compare answers")
    looker.press("^Bot or model", layer="menu")
    page.get_by_role("banner").get_by_role("button", name="Menu of").click()
    looker.look("menu of the conversation", "menu")
    for item in ("^Rename", "^Folder and tags", "^Share", "^Export", "^Clear"):
        page.get_by_role("banner").get_by_role("button", name="Menu of").click()
        page.get_by_role("menuitem", name=re.compile(item)).click()
        looker.look(item)
    looker.press("Account:", layer="menu")
    looker.choose("Account:", "^Commands")
    looker.choose("Account:", "^Keyboard shortcuts")
    for key, name in {"@": "bots by @", "/": "prompts by /"}.items():
        page.get_by_role("textbox", name="Message", exact=True).fill(key)
        expect(page.get_by_role("menu")).to_be_visible()
        looker.look(name, "menu")
        page.get_by_role("textbox", name="Message", exact=True).fill("")


def test_dialogs_and_menus_of_the_library(page: Page, looker: Looker, live: Live) -> None:
    begin(page, QUICK, "to be filed")
    ended(answers(page).last)
    folder = live.call("POST", "/api/v1/folders", live.key, {"name": "Workshop"})
    page.goto(f"/library?folder={folder['id']}")
    looker.press("^Edit folder")
    page.goto("/library")
    page.get_by_role("checkbox", name="Choose to be filed").check()
    looker.press("^Move to folder", layer="menu")
    page.get_by_role("main").get_by_role("button", name="Menu of").first.click()
    looker.look("menu of a row", "menu")
    live.call("DELETE", f"/api/v1/folders/{folder['id']}", live.key)


def test_dialogs_of_one_s_own_settings(page: Page, looker: Looker, live: Live) -> None:
    page.goto("/settings/appearance")
    page.get_by_role("combobox", name="Language").click()
    looker.look("languages", "listbox")
    page.goto("/settings/keys")
    looker.press("^Delete key")
    live.call("POST", "/api/v1/prompts", live.key, {"name": "letter", "text": "Write to {{name}}."})
    page.goto("/")
    page.get_by_role("textbox", name="Message", exact=True).fill("/letter")
    expect(page.get_by_role("menu", name="Prompts that fit")).to_be_visible()
    page.keyboard.press("Enter")
    looker.look("variables of a prompt")


def test_dialogs_and_menus_of_the_owner(page: Page, looker: Looker, live: Live) -> None:
    live.run("user", "create", "ben@example.org", "--password-stdin", said="a long and plain sentence")
    page.goto("/settings/models")
    looker.press("^Limits of 127")
    page.goto("/settings/people")
    looker.press("^Menu of ben", layer="menu")
    for item in ("^Make a sign-in link", "^Budget …", "^Remove …"):
        looker.choose("^Menu of ben", item)
    page.get_by_role("combobox", name="Role of ben").click()
    looker.look("roles", "listbox")
    page.goto("/settings/budgets")
    looker.press("^Set a limit")
    looker.press("^Limit a person")
    step = {"models": [{"model": model_of(live)}]}
    live.call("POST", "/api/v1/rules", live.key, {"name": "Any", "live": True, "steps": [step]})
    page.goto("/settings/rules")
    looker.press("^Delete Any", "delete a rule")
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Bot or model")).click()
    page.get_by_role("menuitem", name="Any").click()
    page.get_by_role("textbox", name="Message", exact=True).fill("Which one?")
    page.keyboard.press("Enter")
    ended(answers(page).last)
    looker.press("^Why this model")


def model_of(live: Live) -> str:
    return next(
        str(card["id"]) for card in live.call("GET", "/api/v1/models", live.key)["items"] if card["name"] == QUICK
    )


def test_dialogs_and_menus_of_the_playground(page: Page, looker: Looker) -> None:
    page.goto("/playground")
    looker.press("^Recent runs", layer="menu")
    for name in ("^Presets", "^Save as a bot", "^Show as code", "^Ratings"):
        looker.press(name)


def test_the_tour_tells_keys_of_commands_and_fingers_of_the_menu(page: Page, chromium: Browser, live: Live) -> None:
    page.goto("/")
    tour = page.get_by_role("region", name="Three things to know")
    expect(tour.get_by_role("listitem")).to_have_count(3)
    expect(tour).to_contain_text("Ctrl+K")
    context = chromium.new_context(
        base_url=live.address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    sign_in(phone := context.new_page(), live)
    tour = phone.get_by_role("region", name="Three things to know")
    expect(tour.get_by_role("listitem")).to_have_count(3)
    expect(tour).to_contain_text("The menu above")
    expect(tour).not_to_contain_text("Ctrl")
    assert violations(phone) == []
    tour.get_by_role("button", name="Got it").click()
    phone.reload()
    expect(phone.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    expect(tour).to_have_count(0)
    context.close()
