"""The owner's pages as a person meets them: people, invitations, and what comes after; wide, on a phone, dark, by keyboard."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import ECHO, keep_picture
from tests.browser.layout import fits
from tests.browser.test_conversation import answers, begin, ended
from tests.browser.ways import WAYS, show
from tests.live import Live

pytestmark = pytest.mark.browser

PASSWORD = "a long and plain sentence"


def joined(chromium: Browser, live: Live, link: str, name: str) -> BrowserContext:
    """A new person, who came by an invitation."""
    context = chromium.new_context(base_url=live.address)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="E-mail").fill(f"{name.lower()}@example.org")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    assert violations(page) == []
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    return context


def invited(page: Page, note: str) -> str:
    """The link of a new invitation, made by hand."""
    page.goto("/settings/people")
    page.get_by_role("textbox", name="For whom").fill(note)
    page.get_by_role("button", name="Make link").click()
    expect(page.get_by_role("listitem").filter(has_text=note)).to_be_visible()
    link = page.get_by_label("Invitation link").inner_text()
    assert "/join/" in link
    return link


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="People").get_by_role("listitem").filter(has_text=name)


def test_an_invitation_brings_somebody_in_whom_the_owner_then_manages(
    page: Page, chromium: Browser, live: Live
) -> None:
    newcomer = joined(chromium, live, invited(page, "Ann from the lab"), "Ann")
    page.goto("/settings/people")
    expect(page.get_by_role("listitem").filter(has_text="Ann from the lab")).to_have_count(0)
    row = row_of(page, "Ann")
    row.get_by_role("combobox", name="Role of Ann").click()
    page.get_by_role("option", name="Admin").click()
    expect(page.get_by_text("Ann is now: Admin.")).to_be_visible()
    row.get_by_role("button", name="Menu of Ann").click()
    page.get_by_role("menuitem", name="Switch off").click()
    expect(row.get_by_text("Switched off")).to_be_visible()
    hers = newcomer.pages[0]
    hers.reload()
    expect(hers.get_by_role("button", name="Sign in")).to_be_visible()
    row.get_by_role("button", name="Menu of Ann").click()
    page.get_by_role("menuitem", name="Switch on").click()
    expect(row).to_be_visible()  # what lies under a menu counts as not there
    expect(row.get_by_text("Switched off")).to_have_count(0)
    row.get_by_role("button", name="Menu of Ann").click()
    page.get_by_role("menuitem", name="Make a sign-in link").click()
    page.get_by_role("dialog").get_by_role("button", name="Make link").click()
    hers.goto(page.get_by_role("dialog").get_by_label("Sign-in link").inner_text())
    expect(hers.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    newcomer.close()


def test_who_is_removed_goes_after_the_owner_was_told_what_goes(page: Page, chromium: Browser, live: Live) -> None:
    joined(chromium, live, invited(page, "Bob"), "Bob").close()
    page.goto("/settings/people")
    page.get_by_role("searchbox", name="Find by name or e-mail").fill("bob")
    row = row_of(page, "Bob")
    expect(page.get_by_role("list", name="People").get_by_role("listitem")).to_have_count(1)
    row.get_by_role("button", name="Menu of Bob").click()
    page.get_by_role("menuitem", name="Remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("0 conversations")).to_be_visible()
    assert violations(page) == []
    keep_picture(page, "removal")
    expect(dialog.get_by_role("button", name="Remove for ever")).to_be_disabled()
    dialog.get_by_role("textbox").fill("bob@example.org")
    dialog.get_by_role("button", name="Remove for ever").click()
    expect(page.get_by_text("Nobody fits.")).to_be_visible()
    assert live.rows("SELECT count(*) FROM accounts_user WHERE email = 'bob@example.org'") == [(0,)]


def test_a_revoked_invitation_says_so_to_whoever_comes(page: Page, chromium: Browser, live: Live) -> None:
    link = invited(page, "Nobody after all")
    page.get_by_role("listitem").filter(has_text="Nobody after all").get_by_role("button").click()
    expect(page.get_by_text("No open invitations.")).to_be_visible()
    stranger = chromium.new_context(base_url=live.address).new_page()
    stranger.goto(link)
    expect(stranger.get_by_text("was used, has expired, or was revoked")).to_be_visible()
    assert violations(stranger) == []
    stranger.context.close()


def test_the_last_owner_is_told_why_they_cannot_step_down(page: Page) -> None:
    page.goto("/settings/people")
    row_of(page, "You").get_by_role("combobox").click()
    page.get_by_role("option", name="Guest").click()
    expect(page.get_by_text("A workspace needs an owner.")).to_be_visible()
    expect(row_of(page, "You").get_by_role("combobox")).to_have_text("Owner")


PAGES = {"people": "Invitations", "usage": "Usage", "health": "Health"}


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_on_the_owners_pages_and_nothing_sticks_out(page: Page, way: str) -> None:
    show(page, WAYS[way])
    found = {}
    for name, words in PAGES.items():
        page.goto(f"/settings/{name}")
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        keep_picture(page, f"{name}-{way}")
        found[name] = violations(page)
        fits(page, WAYS[way].width)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_owner_sees_what_was_used_and_takes_it_along(page: Page, live: Live) -> None:
    begin(page, ECHO, "to be counted")
    ended(answers(page).last)
    live.run("usage")
    page.goto("/settings/usage")
    expect(page.get_by_role("img", name="Tokens, Day")).to_be_visible()
    page.get_by_role("combobox", name="Table by").click()
    page.get_by_role("option", name="Model").click()
    expect(page.get_by_role("rowheader", name=ECHO)).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    assert taken.value.path().read_text().startswith("day,email,model,answers")
    assert ECHO in taken.value.path().read_text()
    keep_picture(page, "usage-full")
    assert violations(page) == []


def test_the_pages_of_settings_are_reached_by_keyboard_alone(page: Page) -> None:
    page.goto("/settings/profile")
    link = page.get_by_role("navigation", name="Settings").get_by_role("link", name="People")
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/settings/people$"))
    field = page.get_by_role("textbox", name="For whom")
    field.focus()
    page.keyboard.type("by keyboard")
    page.keyboard.press("Enter")
    revoke = page.get_by_role("button", name="Revoke the invitation by keyboard")
    expect(revoke).to_be_visible()
    revoke.focus()
    page.keyboard.press("Enter")
    expect(revoke).to_have_count(0)
