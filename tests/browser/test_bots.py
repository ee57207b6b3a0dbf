"""Bots as people make them, find them, try them out, take a version back, and read answers that have a form."""

import base64
import re

import orjson
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import ECHO, QUICK, sign_in
from tests.browser.layout import fits
from tests.browser.test_conversation import answers, ended, say
from tests.browser.ways import SCHEMES, Scheme, turn
from tests.live import Live

pytestmark = pytest.mark.browser

SCHEMA = {
    "type": "object",
    "properties": {
        "summary": {"type": "string", "title": "In short", "description": "One sentence."},
        "tasks": {
            "type": "array",
            "title": "To do",
            "items": {"type": "object", "properties": {"what": {"type": "string"}, "until_when": {"type": "string"}}},
        },
    },
    "required": ["summary", "tasks"],
}
TASKS = {
    "summary": "Two things",
    "tasks": [{"what": "Write", "until_when": "Monday"}, {"what": "Read", "urgent": True}],
}


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def choose_model(page: Page, model: str) -> None:
    chooser = page.get_by_role("combobox", name="Model or rule")
    chooser.fill(model)
    page.get_by_role("option", name=re.compile(model)).click()


def try_out(page: Page, words: str) -> Locator:
    """Say something in the preview; its answer."""
    field(page, "Try it out").fill(words)
    field(page, "Try it out").press("Enter")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("article", name="Answer").last).to_be_visible()
    return preview.get_by_role("article", name="Answer").last


def saved(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def made(live: Live, name: str, **more: object) -> str:
    """A bot on the echo, by REST."""
    cards = live.call("GET", "/api/v1/models", live.key)["items"]
    model = next(card["id"] for card in cards if card["name"] == ECHO)
    return str(live.call("POST", "/api/v1/bots", live.key, {"name": name, "model": model, **more})["id"])


def talk_to(page: Page, name: str) -> None:
    page.goto("/bots")
    page.get_by_role("button", name=f"Talk to {name}", exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_a_bot_is_tried_out_while_it_is_written_then_found_in_the_gallery_and_talked_to(page: Page, live: Live) -> None:
    page.goto("/bots")
    page.get_by_role("button", name="New bot").last.click()
    field(page, "Name").fill("Proofreader")
    field(page, "What it is for").fill("Finds slips in letters.")
    field(page, "Instructions").fill("You proofread.")
    field(page, "Greeting").fill("Send me your letter.")
    field(page, "Conversation starters").fill("Dear Sir\nDear Madam")
    page.get_by_role("button", name="Violet").click()
    choose_model(page, ECHO)
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("Send me your letter.")).to_be_visible()
    answer = try_out(page, "Hello from the preview")
    ended(answer)
    expect(answer).to_contain_text("Hello from the preview")
    expect(answer).to_contain_text("Proofreader")
    field(page, "Name").fill("Corrector")
    ended(again := try_out(page, "And now?"))
    expect(again).to_contain_text("Corrector")
    assert live.call("GET", "/api/v1/conversations", live.key)["items"] == []
    saved(page)
    expect(page).to_have_url(re.compile(r"/bots/[0-9a-f-]{36}$"))
    page.get_by_role("button", name="Back to all bots").click()
    page.get_by_role("searchbox", name="Search bots").fill("slips letters")
    card = page.get_by_role("listitem").filter(has_text="Corrector")
    expect(card).to_contain_text("Finds slips in letters.")
    page.get_by_role("button", name="Shared with me").click()
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Mine").click()
    card.get_by_role("button", name="Dear Sir").click()
    ended(answers(page).last)
    expect(answers(page).last).to_contain_text("Dear Sir")
    expect(answers(page).last).to_contain_text("Corrector")


def test_what_is_typed_into_the_editor_survives_a_reload_and_can_be_thrown_away(page: Page, live: Live) -> None:
    bot = made(live, "Careful")
    page.goto(f"/bots/{bot}")
    field(page, "Name").fill("Careless")
    page.reload()
    expect(page.get_by_text("Your changes from before")).to_be_visible()
    expect(field(page, "Name")).to_have_value("Careless")
    page.get_by_role("button", name="Discard").click()
    expect(field(page, "Name")).to_have_value("Careful")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()


def test_versions_tell_what_changed_and_one_can_go_back(page: Page, live: Live) -> None:
    bot = made(live, "Poet", system_prompt="You write sad poems.")
    page.goto(f"/bots/{bot}")
    field(page, "Instructions").fill("You write merry poems.")
    saved(page)
    page.get_by_role("tab", name="Versions").click()
    versions = page.get_by_role("region", name="Versions")
    versions.get_by_text("Version 2", exact=True).click()
    expect(versions.locator("ins:visible")).to_have_text("merry")
    expect(versions.locator("del:visible")).to_have_text("sad")
    versions.get_by_text("Version 1", exact=True).click()
    versions.get_by_role("button", name="Go back to Version 1").click()
    expect(field(page, "Instructions")).to_have_value("You write sad poems.")
    newest = live.call("GET", f"/api/v1/bots/{bot}", live.key)
    assert (newest["version"], newest["system_prompt"]) == (3, "You write sad poems.")


def test_a_picture_tools_and_an_audience_are_chosen_on_screen(page: Page, live: Live) -> None:
    page.goto("/bots/new")
    field(page, "Name").fill("Painter")
    choose_model(page, ECHO)
    draw = """() => { const canvas = document.createElement('canvas'); canvas.width = 300; canvas.height = 200;
        canvas.getContext('2d').fillRect(0, 0, 300, 200); return canvas.toDataURL('image/png').split(',')[1] }"""
    picture = base64.b64decode(page.evaluate(draw))
    page.locator("[data-picture]").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": picture})
    expect(page.get_by_role("button", name="Remove the picture")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("calculator", re.IGNORECASE)).check()
    page.get_by_role("radio", name="Some people and roles").check()
    field(page, "People, by e-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nobody in this workspace has the address nobody@example.org")).to_be_visible()
    page.get_by_role("radio", name="Only me").check()
    saved(page)
    (bot,) = (bot for bot in live.call("GET", "/api/v1/bots", live.key)["items"] if bot["name"] == "Painter")
    assert (bot["audience"], bool(bot["picture"])) == ("maker", True)
    assert live.call("GET", f"/api/v1/bots/{bot['id']}", live.key)["parameters"]["tools"] == ["calculate"]
    page.goto("/bots")
    card = page.get_by_role("listitem").filter(has_text="Painter")
    expect(card).to_contain_text("Only me")
    assert card.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 256


def test_a_form_of_answers_is_tried_on_an_example_before_it_is_saved(page: Page, live: Live) -> None:
    page.goto("/bots/new")
    page.get_by_role("combobox", name="Form", exact=True).click()
    page.get_by_role("option", name="JSON, by a schema").click()
    field(page, "JSON Schema").fill("{")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("This is not JSON").first).to_be_visible()
    field(page, "JSON Schema").fill(orjson.dumps(SCHEMA).decode())
    field(page, "An answer to try it on").fill('{"summary": 1}')
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert").filter(has_text="tasks")).to_be_visible()
    field(page, "An answer to try it on").fill(orjson.dumps(TASKS).decode())
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("This fits.")).to_be_visible()
    expect(page.get_by_role("term").first).to_contain_text("In short")


def test_an_answer_in_json_is_a_form_with_names_from_its_schema(page: Page, live: Live) -> None:
    made(live, "Clerk", parameters={"shape": {"type": "json", "json_schema": SCHEMA}})
    talk_to(page, "Clerk")
    say(page, orjson.dumps(TASKS).decode())
    answer = answers(page).last
    ended(answer)
    expect(answer.get_by_role("term").first).to_contain_text("In short")
    expect(answer.get_by_role("definition").first).to_have_text("Two things")
    table = answer.get_by_role("table")
    assert table.get_by_role("columnheader").all_inner_texts() == ["What", "Until when", "Urgent"]
    assert table.get_by_role("row").nth(2).get_by_role("cell").all_inner_texts() == ["Read", "", "Yes"]
    assert violations(page) == []
    answer.get_by_role("button", name="Show JSON").click()
    expect(answer.locator("pre")).to_contain_text('"until_when": "Monday"')
    page.reload()
    expect(answers(page).last.get_by_role("term").first).to_contain_text("In short")


def test_an_answer_that_never_gets_its_form_says_so_and_is_kept(page: Page, live: Live) -> None:
    made(live, "Stubborn", parameters={"shape": {"type": "json", "json_schema": SCHEMA}})
    talk_to(page, "Stubborn")
    say(page, "Just words")
    answer = answers(page).last
    expect(answer).to_have_attribute("data-status", "failed")
    expect(answer.get_by_role("alert")).to_contain_text("shape")
    expect(answer.get_by_role("note")).to_contain_text("not the form that was asked for")


def test_a_deleted_bot_comes_back_when_that_is_undone_and_its_conversation_goes_on(page: Page, live: Live) -> None:
    made(live, "Phoenix")
    talk_to(page, "Phoenix")
    say(page, "Before")
    ended(answers(page).last)
    conversation = page.url
    page.goto("/bots")
    page.get_by_role("button", name="Delete Phoenix").click()
    expect(page.get_by_text("Bot deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Talk to Phoenix")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Talk to Phoenix")).to_be_visible()
    restore_later(page, "Phoenix")
    page.goto(conversation)
    say(page, "After")
    expect(answers(page)).to_have_count(2)
    ended(answers(page).last)
    expect(page.get_by_role("button", name="Bot or model: Phoenix")).to_be_visible()


def restore_later(page: Page, name: str) -> None:
    """Delete it, miss what undoes that, and find it below the gallery."""
    page.get_by_role("button", name=f"Delete {name}").click()
    expect(page.get_by_role("button", name=f"Talk to {name}")).to_have_count(0)
    page.reload()
    deleted = page.get_by_role("group", name="Deleted bots")
    deleted.locator("summary").press("Enter")
    assert violations(page) == []
    deleted.get_by_role("button", name=f"Restore {name}").click()
    expect(page.get_by_text(f"{name} is back.")).to_be_visible()
    expect(page.get_by_role("button", name=f"Talk to {name}")).to_be_visible()
    expect(deleted).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_gallery_and_editor(page: Page, live: Live, scheme: Scheme) -> None:
    bot = made(live, f"Seen in {scheme}", description="To be looked at.", starters=["One", "Two"], colour="teal")
    turn(page, scheme)
    page.goto("/bots")
    expect(page.get_by_text(f"Seen in {scheme}").first).to_be_visible()
    found = {"gallery": violations(page)}
    page.goto(f"/bots/{bot}")
    expect(field(page, "Instructions")).to_be_visible()
    page.get_by_text("Fine tuning").click()
    page.get_by_role("radio", name="Some people and roles").check()
    found["editor"] = violations(page)
    page.get_by_role("tab", name="Versions").click()
    page.get_by_text("Version 1", exact=True).click()
    found["versions"] = violations(page)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_on_a_phone_the_preview_is_a_tab(chromium: Browser, live: Live) -> None:
    context = chromium.new_context(base_url=live.address, viewport={"width": 390, "height": 780}, has_touch=True)
    page = context.new_page()
    sign_in(page, live)
    page.goto("/bots/new")
    field(page, "Name").fill("Pocket")
    choose_model(page, ECHO)
    page.get_by_role("tab", name="Preview").click()
    expect(field(page, "Name")).to_be_hidden()
    ended(answer := try_out(page, "Small screen"))
    expect(answer).to_contain_text("Small screen")
    assert violations(page) == []
    fits(page, 390)
    page.get_by_role("tab", name="Edit").click()
    saved(page)
    page.goto("/bots")
    expect(page.get_by_text("Pocket")).to_be_visible()
    fits(page, 390)
    context.close()


def test_a_bot_is_made_by_keyboard_alone(page: Page, live: Live) -> None:
    page.goto("/")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Bots"))
    page.keyboard.press("Enter")
    make = page.get_by_role("button", name="New bot").first
    expect(make).to_be_visible()
    make.focus()
    page.keyboard.press("Enter")
    expect(field(page, "Name")).to_be_visible()
    field(page, "Name").focus()
    page.keyboard.type("Typed")
    tab_to(page, page.get_by_role("combobox", name="Model or rule"))
    page.keyboard.type(ECHO)
    expect(page.get_by_role("option", name=ECHO)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Enter")  # in a field of one line, Enter saves
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert "Typed" in [bot["name"] for bot in live.call("GET", "/api/v1/bots", live.key)["items"]]


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


def test_from_the_right_the_editor_stands_mirrored_and_nothing_sticks_out(page: Page, live: Live) -> None:
    made(live, "مدقق", description="يجد الأخطاء")
    page.evaluate("localStorage.setItem('parley.locale', 'ar')")
    page.goto("/bots/new")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    form, preview = page.locator("#bot-form"), page.get_by_role("region", name="معاينة")
    where = [place.bounding_box() for place in (form, preview)]
    assert where[0]
    assert where[1]
    assert where[0]["x"] > where[1]["x"]
    fits(page, 1280)
    assert violations(page) == []


def test_a_rule_is_made_tried_on_past_messages_put_in_force_and_tells_why(page: Page, live: Live) -> None:
    made(live, "Earlier")
    talk_to(page, "Earlier")
    say(page, "Please translate this into German")
    ended(answers(page).last)
    page.goto("/settings/rules")
    page.get_by_role("button", name="New rule").click()
    field(page, "Name").fill("Translations first")
    page.get_by_role("combobox", name="Kind of work").click()
    page.get_by_role("option", name="Translation").click()
    page.keyboard.press("Escape")
    add_model(page, "Step 1", QUICK)
    page.get_by_role("button", name="Add a step").click()
    add_model(page, "Step 2", ECHO)
    page.get_by_role("button", name="Move Step 2 up").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move Step 1 down").click()
    page.get_by_role("button", name="Try out").click()
    row = page.get_by_role("row").filter(has_text="Please translate this into German")
    expect(row).to_contain_text(QUICK)
    assert violations(page) == []
    page.get_by_role("switch", name=re.compile("^Live")).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text="Translations first")).to_contain_text("Live")
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Bot or model")).click()
    page.get_by_role("menuitem", name="Translations first").click()
    say(page, "Please translate this into French")
    ended(answers(page).last)
    page.reload()
    answers(page).last.get_by_role("button", name="Why this model?").click()
    dialog = page.get_by_role("dialog", name="Why this model?")
    expect(dialog).to_contain_text(f"{QUICK}, chosen by the rule Translations first.")
    expect(dialog).to_contain_text("kind: translation")


def add_model(page: Page, step: str, model: str) -> None:
    here = page.get_by_role("listitem", name=step)
    here.get_by_role("button", name="Add a model").click()
    here.get_by_role("combobox", name="Model 1").fill(model)
    page.get_by_role("option", name=re.compile(model)).click()


def test_the_limits_of_a_vendor_are_set_on_its_card(page: Page, live: Live) -> None:
    page.goto("/settings/models")
    page.get_by_role("button", name=re.compile("^Limits of 127")).click()
    page.get_by_role("spinbutton", name="Tokens a minute").fill("90000")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    (vendor,) = (one for one in live.call("GET", "/api/v1/endpoints", live.key)["items"] if "127" in one["name"])
    assert (vendor["tokens_per_minute"], vendor["max_concurrent"]) == (90000, None)
