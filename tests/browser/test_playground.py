"""The playground as a person meets it: models beside each other, a reload in mid-run, what is kept, and code that runs."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bench.processes import ROOT, Running
from tests.browser.axe import violations
from tests.browser.conftest import ECHO, ENDLESS, QUICK, SLOW, keep_picture, sign_in
from tests.browser.layout import fits
from tests.browser.test_conversation import WORD, begin
from tests.live import Live, start_vendor

pytestmark = pytest.mark.browser

NODE = ROOT / "scripts" / "need"
TOOL, TOOL_TOO = "mock-4x0-tool", "mock-6x0-tool"  # call the first function on offer
MORE = "mock-1x0", "mock-2x0", "mock-3x0"  # so many that the menu of a conversation has a search


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(SLOW, QUICK, ENDLESS, ECHO, TOOL, TOOL_TOO, *MORE)
    yield running
    running.end()


@pytest.fixture
def ground(page: Page, live: Live) -> Iterator[Page]:
    """The playground, as on the first day."""
    for model in (SLOW, QUICK, ENDLESS, ECHO, TOOL, TOOL_TOO):
        live.bot_of(model, live.key)
    page.goto("/playground")
    yield page
    page.evaluate(
        "Object.keys(localStorage).filter((name) => name.includes('playground'))"
        ".forEach((name) => localStorage.removeItem(name))"
    )


def models(page: Page, *names: str) -> None:
    """Choose these, in this order."""
    for number, name in enumerate(names, start=1):
        field = page.get_by_role("combobox", name=f"Model {number}", exact=True)
        if not field.count():
            page.get_by_role("button", name="Add model").click()
        field.click()
        field.fill(name)
        page.get_by_role("option", name=name, exact=True).click()


def prompt(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message 1", exact=True).fill(text)


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


STAND_IN_ROWS = """(rows) => {
    const boxes = [...document.querySelectorAll("main article")].map((one) => one.getBoundingClientRect());
    const tops = new Set(boxes.map(({ top }) => Math.round(top)));
    return tops.size === rows && boxes.every(({ right }) => right <= innerWidth);
}"""


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name)


def words(answer: Locator) -> list[int]:
    return [int(number) for number in WORD.findall(answer.locator("[data-answer-text]").inner_text())]


def wait_for_words(answer: Locator, least: int) -> None:
    for _ in count():
        if answer.count() and len(words(answer)) >= least:
            return
        answer.page.wait_for_timeout(30)


def ended(answer: Locator, how: str = "completed") -> None:
    expect(answer).to_have_attribute("data-status", how)


def test_models_write_beside_each_other_and_a_reload_in_mid_run_loses_nothing(ground: Page) -> None:
    models(ground, SLOW, QUICK, ECHO)
    ground.get_by_role("textbox", name="System").fill("Count.")
    prompt(ground, "Which way is north?")
    run(ground)
    slow, quick, echo = (column(ground, name) for name in (SLOW, QUICK, ECHO))
    wait_for_words(slow, 15)
    assert len(words(slow)) < 120, "it came in one piece"
    ended(quick)
    ground.get_by_role("textbox", name="Message 1", exact=True).fill("typed meanwhile")
    ground.reload()
    wait_for_words(slow, 16)
    expect(ground.get_by_role("textbox", name="Message 1", exact=True)).to_have_value("typed meanwhile")
    for answer in (slow, quick, echo):
        ended(answer)
    assert words(slow) == list(range(words(slow)[0], words(slow)[0] + 120))
    expect(echo).to_contain_text("Which way is north?")
    for figure in ("Tokens", "Cost", "First word", "Tokens a second"):
        expect(slow.get_by_text(figure, exact=True)).to_be_visible()
    expect(slow.locator("dd").nth(0)).to_contain_text(re.compile(r"\d+ \+ 1\d\d"))
    expect(slow.locator("dd").nth(2)).to_contain_text(re.compile(r"[\d.]+ s"))
    assert violations(ground) == []
    keep_picture(ground, "playground-wide")
    for width, rows in ((1280, 2), (1700, 1), (1000, 3)):
        ground.set_viewport_size({"width": width, "height": 800})
        ground.wait_for_function(STAND_IN_ROWS, arg=rows)


def test_the_server_is_killed_in_mid_run_and_nothing_shown_is_lost(ground: Page, live: Live) -> None:
    models(ground, SLOW, SLOW)
    prompt(ground, "Count")
    run(ground)
    both = column(ground, SLOW)
    wait_for_words(both.nth(0), 15)
    wait_for_words(both.nth(1), 15)
    live.kill()
    shown = [words(both.nth(place)) for place in (0, 1)]
    live.start()
    for place in (0, 1):
        expect(both.nth(place)).to_have_attribute("data-status", re.compile("interrupted|completed"))
        assert words(both.nth(place))[: len(shown[place])] == shown[place]
    expect(both.nth(0).locator("dd").nth(0)).to_contain_text("≈")
    assert live.rows("SELECT DISTINCT purpose FROM usage_usagerecord ORDER BY id DESC LIMIT 2") == [("playground",)]


def test_of_many_models_one_is_found_by_typing(page: Page, live: Live) -> None:
    for model in (ENDLESS, *MORE):
        live.bot_of(model, live.key)
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Bot or model: mock")).click()
    expect(page.get_by_role("textbox", name="Find a bot or model")).to_be_focused()
    page.keyboard.type("endless 40x20")
    expect(page.get_by_role("menuitem")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Bot or model: {ENDLESS}")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()


def test_by_keyboard_alone_a_prompt_is_run_and_stopped(ground: Page) -> None:
    models(ground, ENDLESS, SLOW)
    ground.goto("/")
    expect(ground.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    ground.keyboard.press("Control+k")
    expect(ground.get_by_role("combobox", name="Commands")).to_be_focused()
    ground.keyboard.type("playground")
    ground.keyboard.press("Enter")
    expect(ground).to_have_url(re.compile("/playground"))
    expect(ground.get_by_role("combobox", name="Model 2")).to_have_value(SLOW)
    ground.get_by_role("textbox", name="Message 1", exact=True).focus()
    ground.keyboard.press("Control+Enter")
    expect(ground.get_by_text("A message is empty.")).to_be_visible()
    ground.keyboard.type("Go on")
    ground.keyboard.press("Control+Enter")
    wait_for_words(column(ground, ENDLESS), 5)
    ground.keyboard.press("Escape")
    ended(column(ground, ENDLESS), "stopped")
    ended(column(ground, SLOW), "stopped")
    assert len(words(column(ground, ENDLESS))) >= 5
    expect(ground.get_by_role("button", name="Run", exact=True)).to_be_visible()


def test_roles_parameters_tools_shape_and_a_picture_reach_the_run(ground: Page, live: Live, tmp_path: Path) -> None:
    models(ground, ECHO)
    prompt(ground, "Hi")
    ground.get_by_role("button", name="Add message").click()
    ground.get_by_role("textbox", name="Message 2", exact=True).fill("Ahoy")
    ground.get_by_role("button", name="Add message").click()
    ground.get_by_role("textbox", name="Message 3", exact=True).fill("yes")
    picture = tmp_path / "dot.png"
    ground.screenshot(path=str(picture), clip={"x": 0, "y": 0, "width": 40, "height": 40})
    ground.locator("input[type=file]").last.set_input_files(str(picture))
    expect(ground.get_by_role("img", name="Picture in the message")).to_be_visible()
    ground.get_by_text("Parameters", exact=True).click()
    ground.get_by_role("spinbutton", name="Temperature").fill("0.3")
    ground.get_by_role("textbox", name="Stop at").fill("\\n")
    ground.get_by_text("Tools", exact=True).click()
    ground.get_by_role("checkbox", name="Calculator").check()
    ground.get_by_text("Output", exact=True).click()
    ground.get_by_role("combobox", name="Shape of the answer").click()
    ground.get_by_role("option", name="One of these").click()
    ground.get_by_role("textbox", name="One of these").fill("yes\nno")
    run(ground)
    expect(column(ground, ECHO)).to_have_attribute("data-status", re.compile("completed|failed"))
    run_id = ground.url.partition("run=")[2]
    setup = live.call("GET", f"/api/v1/playground/runs/{run_id}", live.key)["setup"]
    assert [message["role"] for message in setup["messages"]] == ["user", "assistant", "user"]
    assert [part["type"] for part in setup["messages"][2]["parts"]] == ["image", "text"]
    assert setup["parameters"]["temperature"] == 0.3
    assert setup["parameters"]["stop"] == ["\n"]
    assert setup["parameters"]["tools"] == ["calculate"]
    assert setup["parameters"]["shape"] == {"type": "choices", "choices": ["yes", "no"]}
    ground.evaluate("localStorage.clear()")
    ground.reload()
    expect(ground.get_by_role("textbox", name="Message 2", exact=True)).to_have_value("Ahoy")
    expect(ground.get_by_role("spinbutton", name="Temperature")).to_have_value("0.3")


WEATHER = """{"name": "get_weather", "description": "The weather of a town",
"parameters": {"type": "object", "properties": {"town": {"type": "string"}}}}"""


def test_a_function_of_ones_own_is_called_and_goes_on_with_what_the_person_types(ground: Page) -> None:
    models(ground, TOOL)
    prompt(ground, "How is the weather in Oslo?")
    ground.get_by_text("Tools", exact=True).click()
    functions = ground.get_by_role("textbox", name="Functions of your own (JSON)")
    functions.fill('{"name": "two words"}')
    expect(ground.get_by_text("Function 1 needs a name")).to_be_visible()
    run(ground)
    expect(ground.get_by_text("A function of your own is not right. Correct it.")).to_be_visible()
    functions.fill(WEATHER)
    expect(ground.get_by_text("Function 1 needs a name")).to_have_count(0)
    run(ground)
    answer = column(ground, TOOL)
    ended(answer)
    expect(answer.get_by_text("get_weather")).to_be_visible()
    assert violations(ground) == []
    answer.get_by_role("button", name="Type the result").click()
    run(ground)
    expect(ground.get_by_text("Say what each function gave, then run.")).to_be_visible()
    ground.get_by_role("textbox", name="What get_weather gave").fill("12 degrees and rain")
    assert violations(ground) == []
    keep_picture(ground, "playground-function")
    run(ground)
    expect(answer.get_by_role("button", name="Type the result")).to_have_count(0)
    ended(answer)
    assert words(answer)
    ground.reload()
    expect(ground.get_by_role("textbox", name="What get_weather gave")).to_have_value("12 degrees and rain")
    ground.get_by_role("button", name="Show as code").click()
    code = ground.get_by_role("dialog", name="Show as code").locator("pre code")
    expect(code).to_contain_text("get_weather")
    expect(code).to_contain_text("12 degrees and rain")


def test_each_model_that_called_goes_on_with_its_own_result(ground: Page, vendor: Running) -> None:
    models(ground, TOOL, TOOL_TOO, ECHO)
    prompt(ground, "How is the weather in Oslo?")
    ground.get_by_text("Tools", exact=True).click()
    ground.get_by_role("textbox", name="Functions of your own (JSON)").fill(WEATHER)
    run(ground)
    for name in (TOOL, TOOL_TOO, ECHO):
        ended(column(ground, name))
    expect(column(ground, ECHO).get_by_role("button", name="Type the result")).to_have_count(0)
    for name in (TOOL, TOOL_TOO):
        column(ground, name).get_by_role("button", name="Type the result").click()
    expect(ground.get_by_text(f"Only {TOOL_TOO} is told this.")).to_be_visible()
    first, second = ground.get_by_role("textbox", name="What get_weather gave").all()
    first.fill("twelve degrees")
    second.fill("thirty degrees")
    assert violations(ground) == []
    keep_picture(ground, "playground-functions")
    before = ground.url
    run(ground)
    expect(ground).not_to_have_url(before)
    expect(ground.get_by_role("article")).to_have_count(2)
    for name in (TOOL, TOOL_TOO):
        ended(column(ground, name))
        assert words(column(ground, name))
    told = {body["model"]: str(body["messages"]) for body in asked_of(vendor)[-2:]}
    assert ["twelve" in told[TOOL], "thirty" in told[TOOL]] == [True, False]
    assert ["twelve" in told[TOOL_TOO], "thirty" in told[TOOL_TOO]] == [False, True]
    ground.reload()
    expect(ground.get_by_role("textbox", name="What get_weather gave")).to_have_count(2)


def asked_of(vendor: Running) -> list[dict[str, object]]:
    """The bodies that reached the vendor, oldest first."""
    with urlopen(f"http://127.0.0.1:{vendor.port}/control/calls") as answer:
        bodies: list[dict[str, object]] = json.load(answer)
        return bodies


def test_each_model_has_parameters_of_its_own_where_they_are_opened(ground: Page, live: Live) -> None:
    models(ground, QUICK, ECHO)
    prompt(ground, "Warm or cold?")
    ground.get_by_role("button", name="Parameters of model 2 only").click()
    own = ground.get_by_role("group", name="Parameters of model 2 only")
    own.get_by_role("spinbutton", name="Temperature").fill("1.5")
    assert violations(ground) == []
    keep_picture(ground, "playground-own")
    run(ground)
    ended(column(ground, QUICK))
    ended(column(ground, ECHO))
    run_id = ground.url.partition("run=")[2]
    setup = live.call("GET", f"/api/v1/playground/runs/{run_id}", live.key)["setup"]
    assert [(mine or setup["parameters"]).get("temperature") for mine in setup["own"]] == [None, 1.5]
    ground.evaluate("localStorage.clear()")
    ground.reload()
    expect(own.get_by_role("spinbutton", name="Temperature")).to_have_value("1.5")


def test_the_code_that_is_shown_runs(ground: Page, live: Live, tmp_path: Path) -> None:
    models(ground, ECHO)
    ground.get_by_role("textbox", name="System").fill('It\'s a "system" of\ntwo lines.')
    prompt(ground, "It's 5 o'clock: \"tea\" \\ $HOME `date` 🙂")
    ground.get_by_role("button", name="Show as code").click()
    dialog = ground.get_by_role("dialog", name="Show as code")
    assert violations(ground) == []
    node = subprocess.run([str(NODE), "node"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    programs = {
        "Python": [sys.executable, "ask.py"],
        "curl": ["bash", "ask.sh"],
        "JavaScript": [str(Path(node) / "node"), "ask.mjs"],
    }
    for language, command in programs.items():
        dialog.get_by_role("button", name=language, exact=True).click()
        (tmp_path / command[1]).write_text(dialog.locator("pre code").inner_text())
        env = os.environ | {"PARLEY_KEY": live.key}
        said = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
        assert said.returncode == 0, said.stderr
        assert "5 o'clock" in said.stdout.replace("\\u0027", "'"), (language, said.stdout)


def test_a_prompt_is_kept_as_a_preset_shared_and_made_a_bot(ground: Page, live: Live) -> None:
    models(ground, QUICK, ECHO)
    ground.get_by_role("textbox", name="System").fill("Be brief.")
    prompt(ground, "Kept")
    ground.get_by_role("button", name="Presets").click()
    dialog = ground.get_by_role("dialog", name="Presets")
    dialog.get_by_role("textbox", name="Save this as").fill("Short answers")
    dialog.get_by_role("checkbox", name="Share with the workspace").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Short answers")).to_be_visible()
    assert violations(ground) == []
    dialog.get_by_role("button", name="Close").click()
    ground.get_by_role("button", name="New prompt").click()
    expect(ground.get_by_role("textbox", name="System")).to_have_value("")
    (preset,) = live.call("GET", "/api/v1/playground/presets", live.key)["items"]
    assert preset["shared"]
    ground.goto(f"/playground?preset={preset['id']}")
    expect(ground.get_by_role("textbox", name="System")).to_have_value("Be brief.")
    expect(ground.get_by_role("combobox", name="Model 2")).to_have_value(ECHO)
    ground.get_by_role("button", name="Save as a bot").click()
    ground.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Shorty")
    ground.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(ground.get_by_text("The bot Shorty is made.")).to_be_visible()
    made = [bot for bot in live.call("GET", "/api/v1/bots", live.key)["items"] if bot["name"] == "Shorty"]
    assert live.call("GET", f"/api/v1/bots/{made[0]['id']}", live.key)["system_prompt"] == "Be brief."
    live.call("DELETE", f"/api/v1/bots/{made[0]['id']}", live.key)
    live.call("DELETE", f"/api/v1/playground/presets/{preset['id']}", live.key)


def test_the_answers_are_shared_with_a_stranger(ground: Page, chromium: Browser, live: Live) -> None:
    models(ground, QUICK, ECHO)
    prompt(ground, "Shown to all")
    run(ground)
    ended(column(ground, QUICK))
    ended(column(ground, ECHO))
    ground.get_by_role("button", name="Share these answers").click()
    dialog = ground.get_by_role("dialog", name="Share")
    dialog.get_by_role("button", name="Make link").click()
    expect(dialog.get_by_role("button", name="Copy").first).to_be_visible()
    run_id = ground.url.partition("run=")[2]
    (share,) = live.call("GET", f"/api/v1/conversations/{run_id}/shares", live.key)["items"]
    stranger = chromium.new_context(base_url=live.address).new_page()
    stranger.goto(f"/shared/{share['token']}")
    expect(stranger.get_by_role("article", name="Answer")).to_have_count(2)
    expect(stranger.get_by_text(ECHO)).to_be_visible()
    stranger.context.close()


def test_two_models_are_compared_blind_and_the_vote_reveals_and_rates(ground: Page) -> None:
    models(ground, QUICK, ECHO)
    prompt(ground, "Who is who?")
    ground.get_by_role("checkbox", name=re.compile("^Blind")).check()
    run(ground)
    for letter in ("A", "B"):
        ended(column(ground, letter))
        expect(column(ground, letter).get_by_role("heading")).to_have_text(letter)
    ground.reload()
    expect(column(ground, "A").get_by_role("heading")).to_have_text("A")
    votes = ground.get_by_role("group", name="Which answer is better?")
    expect(votes.get_by_role("button", name="A is better")).to_be_enabled()
    assert violations(ground) == []
    keep_picture(ground, "playground-blind")
    votes.get_by_role("button", name="A is better").click()
    expect(votes.get_by_text(re.compile("You preferred (mock-20x0|mock-echo)."))).to_be_visible()
    expect(column(ground, "A").get_by_role("heading")).to_have_text(re.compile("A · mock-"))
    expect(column(ground, "A").locator("dd").nth(0)).to_contain_text("+")
    ground.get_by_role("button", name="Ratings").click()
    table = ground.get_by_role("dialog", name="Ratings").get_by_role("table").first
    expect(table.get_by_role("row").nth(1)).to_contain_text("1 / 0 / 0")
    assert violations(ground) == []
    keep_picture(ground, "playground-ratings")


def test_a_thumb_below_an_answer_is_kept_with_its_reason(page: Page) -> None:
    ended(begin(page, ECHO, "Rate me"))
    down = page.get_by_role("button", name="Bad answer")
    down.click()
    with page.expect_response(lambda answer: answer.url.endswith("/rating")):  # it is shown before it is stored
        page.get_by_role("menuitem", name="It does not help").click()
    expect(down).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(down).to_have_attribute("aria-pressed", "true")
    up = page.get_by_role("button", name="Good answer")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(down).to_have_attribute("aria-pressed", "false")
    keep_picture(page, "thumbs")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "false")


def test_on_a_phone_and_in_the_dark(chromium: Browser, live: Live) -> None:
    context = chromium.new_context(
        base_url=live.address, viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark"
    )
    page = context.new_page()
    sign_in(page, live)
    page.goto("/playground")
    models(page, QUICK, ECHO)
    page.get_by_role("button", name="Parameters of model 1 only").click()
    prompt(page, "On the way")
    assert violations(page) == []
    keep_picture(page, "playground-phone-prompt")
    run(page)
    ended(column(page, QUICK))
    expect(column(page, QUICK)).to_be_in_viewport()
    assert violations(page) == []
    fits(page, 390)
    keep_picture(page, "playground-phone-answers")
    context.close()
