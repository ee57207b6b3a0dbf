"""What holds for a workspace, as its owner sets it in the browser: budgets, defaults, retention."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import ECHO
from tests.browser.test_conversation import answers, begin, ended
from tests.browser.test_owner import PASSWORD
from tests.browser.ways import WAYS, look
from tests.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def ben(context: BrowserContext, live: Live) -> str:
    """Another member of the workspace."""
    email = "ben@example.org"
    if not live.rows(f"SELECT 1 FROM accounts_user WHERE email = '{email}'"):
        live.run("user", "create", email, "--password-stdin", said=PASSWORD)
    return email


def budget_of(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def test_the_owner_limits_a_person_sees_what_is_used_and_lifts_the_limit_again(page: Page, ben: str) -> None:
    page.goto("/settings/budgets")
    page.get_by_role("button", name="Limit a person").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Find by name or e-mail").fill("ben")
    page.get_by_role("option", name="ben").click()
    dialog.get_by_role("spinbutton", name="Tokens a month").fill("5000")
    dialog.get_by_role("spinbutton", name="Answers at once").fill("2")
    assert violations(page) == []
    dialog.get_by_role("button", name="Save").click()
    expect(budget_of(page, ben)).to_contain_text("0 of 5,000")
    expect(budget_of(page, ben)).to_contain_text("answers at once: 2")
    page.get_by_role("button", name="Edit: ben").click()
    dialog.get_by_role("spinbutton", name="Tokens a month").fill("7000")
    dialog.get_by_role("button", name="Save").click()
    expect(budget_of(page, ben)).to_contain_text("0 of 7,000")
    for way in WAYS:
        look(page, "budgets", way)
    page.get_by_role("button", name="Remove the limits: ben").click()
    expect(page.get_by_text("Nobody has a limit of their own.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(budget_of(page, ben)).to_contain_text("0 of 7,000")
    page.get_by_role("button", name="Remove the limits: ben").click()
    expect(page.get_by_text("Nobody has a limit of their own.")).to_be_visible()


def test_a_budget_that_is_used_up_refuses_the_next_message_until_the_owner_raises_it(page: Page) -> None:
    begin(page, ECHO, "what is used")
    ended(answers(page).last)
    page.goto("/settings/budgets")
    page.get_by_role("button", name="Set a limit").click()
    page.get_by_role("spinbutton", name="Tokens a month").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(budget_of(page, "Whole workspace")).to_contain_text("100%")
    page.goto("/settings/profile")
    expect(page.get_by_role("list", name="Your budget")).to_contain_text("of 1")
    page.goto("/")
    page.get_by_role("textbox", name="Message", exact=True).fill("one more")
    page.keyboard.press("Enter")
    expect(page.get_by_text("budget of 1 tokens a month is used up")).to_be_visible()
    page.goto("/settings/budgets")
    page.get_by_role("button", name="Remove the limits: Whole workspace").click()
    expect(page.get_by_text("No limit is set.")).to_be_visible()
    page.goto("/")
    begin(page, ECHO, "and go on")
    ended(answers(page).last)


def test_the_menu_of_a_person_leads_to_their_budget(page: Page, ben: str) -> None:
    page.goto("/settings/people")
    page.get_by_role("button", name="Menu of ben").click()
    page.get_by_role("menuitem", name="Budget …").click()
    expect(page.get_by_role("dialog", name="Budget: ben")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()


def choose(page: Page, field: str, option: str, then: str = "") -> None:
    """In a list; waits until it is stored and shown. `then`: what the field is called after it, in another language."""
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(page.get_by_role("combobox", name=then or field)).to_have_text(option)


def test_newcomers_begin_with_the_bot_and_the_language_that_the_owner_chose(
    page: Page, chromium: Browser, live: Live, ben: str
) -> None:
    page.goto("/settings/workspace")
    choose(page, "New conversations begin with", ECHO)
    choose(page, "Language", "Deutsch", then="Sprache")  # of the owner, too, who chose none of their own
    for way in WAYS:
        look(page, "workspace", way)
    visitor = chromium.new_context(base_url=live.address, locale="fr-FR")
    hers = visitor.new_page()
    hers.goto("/")
    hers.get_by_role("textbox", name="E-Mail").fill(ben)
    hers.get_by_role("textbox", name="Passwort").fill(PASSWORD)
    hers.get_by_role("button", name="Anmelden").click()
    expect(hers.get_by_role("heading", level=1, name=ECHO)).to_be_visible()
    visitor.close()
    page.get_by_role("combobox", name="Sprache").click()
    page.get_by_role("option", name="Die des jeweiligen Browsers").click()
    expect(page.get_by_role("heading", name="Defaults")).to_be_visible()
    choose(page, "New conversations begin with", "The newest connected model")


def test_what_members_may_not_do_they_are_not_offered(page: Page, chromium: Browser, live: Live, ben: str) -> None:
    page.goto("/settings/workspace")
    for words in ("Make bots of their own", "Make API keys"):
        page.get_by_role("switch", name=words).click()
        expect(page.get_by_role("switch", name=words)).not_to_be_checked()
    visitor = chromium.new_context(base_url=live.address)
    hers = visitor.new_page()
    hers.goto("/")
    hers.get_by_role("textbox", name="E-mail").fill(ben)
    hers.get_by_role("textbox", name="Password").fill(PASSWORD)
    hers.get_by_role("button", name="Sign in").click()
    expect(hers.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    hers.goto("/settings/keys")
    expect(hers.get_by_text("owners and admins make API keys")).to_be_visible()
    expect(hers.get_by_role("button", name="Make key")).to_have_count(0)
    hers.goto("/bots")
    expect(hers.get_by_role("heading", name="Bots", exact=True)).to_be_visible()
    expect(hers.get_by_role("button", name="New bot")).to_have_count(0)
    visitor.close()
    for words in ("Make bots of their own", "Make API keys"):
        page.get_by_role("switch", name=words).click()
        expect(page.get_by_role("switch", name=words)).to_be_checked()


def age(live: Live, conversation: str) -> None:
    """As if nobody had written in it since 2020."""
    with closing(sqlite3.connect(live.folder / "parley.sqlite3", timeout=20)) as database, database:
        sql = "UPDATE conversations_conversation SET updated_at = '2020-01-01 00:00:00' WHERE id = ?"
        assert database.execute(sql, [conversation.replace("-", "")]).rowcount == 1


def test_the_owner_is_told_what_a_shorter_time_deletes_and_asked_before_it_is_stored(page: Page, live: Live) -> None:
    begin(page, ECHO, "said long ago")
    ended(answers(page).last)
    age(live, page.url.rpartition("/")[2])
    page.goto("/settings/retention")
    page.get_by_role("combobox", name="Conversations").click()
    page.get_by_role("option", name="365 days").click()
    expect(page.get_by_text("this is deleted within the hour: 1 conversation")).to_be_visible()
    for way in WAYS:
        look(page, "retention", way)
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Delete what is older?")
    expect(dialog.get_by_text("1 conversation")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Cancel").click()
    page.reload()
    expect(page.get_by_role("combobox", name="Conversations")).to_have_text("for ever (server)")
    page.get_by_role("combobox", name="Conversations").click()
    page.get_by_role("option", name="365 days").click()
    page.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Save and delete").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert "         1  conversations" in live.run("clean")
    page.get_by_role("combobox", name="Conversations").click()
    page.get_by_role("option", name="for ever", exact=True).click()
    expect(page.get_by_text("nothing is deleted now")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
