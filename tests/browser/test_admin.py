"""Django's admin, which stays for the rare things, as the operator and as others meet it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import keep_picture
from tests.browser.test_owner import PASSWORD
from tests.browser.ways import WAYS, show, turn
from tests.live import Live

pytestmark = pytest.mark.browser

PAGES = ("", "accounts/user/", "usage/budget/", "usage/budget/add/")
PAGE_COLOURS = {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 30, 29)"}


@pytest.mark.parametrize("way", WAYS)
def test_the_admin_opens_for_the_owner_in_the_colours_of_the_app_and_leads_back(page: Page, way: str) -> None:
    show(page, WAYS[way])
    for name in PAGES:
        page.goto(f"/admin/{name}")
        expect(page.locator("body")).to_have_css("background-color", PAGE_COLOURS[WAYS[way].scheme])
        keep_picture(page, f"admin-{name.strip('/').replace('/', '-') or 'index'}-{way}")
        assert [wrong for wrong in violations(page) if "color-contrast" in wrong] == []
    page.get_by_role("link", name="Back to Parley").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_who_chose_dark_in_the_app_finds_the_admin_dark(page: Page) -> None:
    turn(page, "light")
    page.goto("/settings/appearance")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    page.goto("/admin/")
    expect(page.locator("body")).to_have_css("background-color", PAGE_COLOURS["dark"])


def test_a_member_is_asked_for_another_account(page: Page, chromium: Browser, live: Live) -> None:
    live.run("user", "create", "eve@example.org", "--password-stdin", said=PASSWORD)
    context = chromium.new_context(base_url=live.address)
    hers = context.new_page()
    hers.goto("/")
    hers.get_by_role("textbox", name="E-mail").fill("eve@example.org")
    hers.get_by_role("textbox", name="Password").fill(PASSWORD)
    hers.get_by_role("button", name="Sign in").click()
    expect(hers.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    hers.goto("/admin/accounts/user/")
    expect(hers).to_have_url(re.compile("/admin/login/"))
    expect(hers.get_by_text("not authorized to access this page")).to_be_visible()
    context.close()
