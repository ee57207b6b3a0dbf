"""Finding, keeping and taking along, as a person does it: wide, on a phone, and by the keyboard alone."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from parley.keeping.tests.foreign import branched, chatgpt, message, node, open_webui
from tests.browser.axe import violations
from tests.browser.conftest import ECHO, keep_picture, sign_in
from tests.browser.layout import fits
from tests.browser.test_conversation import answers, begin, choose, ended, say
from tests.browser.test_writing import attach, photo, ready
from tests.live import Live

pytestmark = pytest.mark.browser

RICH = """# Saffron

The price is $p = \\frac{3}{2}$ a gram.

| part | weight |
|---|---:|
| stigma | 2 mg |

```python
def weigh(stigmas):
    return stigmas * 2  # milligrams
```

```mermaid
graph LR; A-->B
```

[a link](https://example.com) ![a picture](https://elsewhere.invalid/p.png)
"""
# What would load something, in a page that must not.
FOREIGN = re.compile(r"""(?:src|srcset)=["'](?!data:)|url\(|@import|<link|<script|<iframe""")


def menu(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Menu of").click()


def talk(page: Page, text: str) -> str:
    """A conversation of one exchange; its address."""
    begin(page, ECHO, text)
    ended(answers(page).last)
    expect(page).to_have_url(re.compile("/c/"))
    return page.url


def listened(page: Page) -> list[str]:
    """The addresses that it asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def rows(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("listitem").get_by_role("link")


@pytest.fixture
def phone(chromium: Browser, live: Live) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=live.address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    sign_in(page, live)
    yield page
    context.close()


def exported(page: Page, form: str, folder: Path) -> str:
    menu(page)
    page.get_by_role("menuitem", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=form).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_text()


def test_one_conversation_is_taken_along_as_a_page_that_needs_nothing_else(
    page: Page, chromium: Browser, tmp_path: Path
) -> None:
    talk(page, RICH)
    html = exported(page, "Web page", tmp_path)
    assert FOREIGN.findall(html) == []
    assert "<math" in html
    assert "hljs-keyword" in html
    assert "<table>" in html
    (file,) = tmp_path.glob("*.html")
    looks: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))
    for width, scheme in looks:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=True, offline=True, color_scheme=scheme
        )
        alone = context.new_page()
        asked = listened(alone)
        alone.goto(file.as_uri())
        expect(alone.get_by_role("heading", name="Saffron", exact=True)).to_be_visible()
        expect(alone.locator("math")).to_be_visible()
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        fits(alone, width)
        assert violations(alone) == []
        keep_picture(alone, f"page-{scheme}")
        context.close()


def test_the_page_of_a_conversation_with_a_picture_shows_it_without_a_network(
    page: Page, chromium: Browser, tmp_path: Path
) -> None:
    page.goto("/")
    choose(page, ECHO)
    attach(page, photo(page, 800, 600))
    ready(page, 1)
    say(page, "Where was I?")
    ended(answers(page).last)
    html = exported(page, "Web page", tmp_path)
    assert FOREIGN.findall(html) == []
    context = chromium.new_context(offline=True)
    alone = context.new_page()
    asked = listened(alone)
    alone.goto(next(tmp_path.glob("*.html")).as_uri())
    shown = alone.get_by_role("img", name="eiffel.jpg")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [800, 600]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert violations(alone) == []
    keep_picture(alone, "page-with-picture")
    context.close()


def test_the_page_prints_as_a_pdf(page: Page, chromium: Browser, tmp_path: Path) -> None:
    talk(page, RICH)
    exported(page, "Web page", tmp_path)
    context = chromium.new_context()
    alone = context.new_page()
    (file,) = tmp_path.glob("*.html")
    alone.goto(file.as_uri())
    pdf = alone.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000
    context.close()


def test_pdf_opens_the_print_dialog_by_one_click(page: Page) -> None:
    talk(page, "to be printed")
    page.evaluate(
        """() => {
            const real = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow").get;
            Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", { get() {
                const inside = real.call(this);
                if (inside && this.className === "print-frame") {
                    inside.print = () => { window.__printed = this.srcdoc; };
                }
                return inside;
            } });
        }"""
    )
    menu(page)
    page.get_by_role("menuitem", name="Export").click()
    page.get_by_role("button", name="PDF or paper").click()
    for _ in range(100):
        if printed := page.evaluate("window.__printed || ''"):
            break
        page.wait_for_timeout(100)
    assert "to be printed" in printed
    assert FOREIGN.findall(printed) == []


@pytest.mark.parametrize(
    ("form", "begins"), [("Markdown", "# spice"), ("CSV", "is_user,text,"), ("JSON", "{")], ids=["md", "csv", "json"]
)
def test_one_conversation_is_taken_along_as_text(page: Page, tmp_path: Path, form: str, begins: str) -> None:
    talk(page, "spice")
    text = exported(page, form, tmp_path)
    assert text.startswith(begins)
    assert "spice" in text


def test_a_conversation_is_cleared_and_goes_on(page: Page) -> None:
    address = talk(page, "to be cleared")
    menu(page)
    page.get_by_role("menuitem", name="Clear").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Clear"))
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Clear").click()
    expect(dialog).to_have_count(0)
    expect(answers(page)).to_have_count(0)
    page.reload()
    expect(page).to_have_url(address)
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    expect(answers(page)).to_have_count(0)
    say(page, "begun anew")
    expect(answers(page)).to_have_count(1)
    expect(page).to_have_url(address)


def test_many_are_chosen_moved_archived_and_brought_back(page: Page) -> None:
    for number in range(3):
        talk(page, f"choose me {number}")
    menu(page)
    page.get_by_role("menuitem", name=re.compile("Folder|folder")).click()
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name=re.compile("New")).click()
    page.get_by_role("textbox", name=re.compile("name", re.IGNORECASE)).fill("Spices")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/library")
    for number in range(2):
        page.get_by_role("checkbox", name=f"Choose choose me {number}").check()
    page.get_by_role("toolbar").get_by_role("button", name="Move to folder").click()
    page.get_by_role("menuitem", name="Spices").click()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    page.get_by_role("navigation").get_by_role("link", name="Spices").click()
    expect(rows(page)).to_have_count(3)
    page.get_by_role("checkbox", name="Choose all").check()
    expect(page.get_by_role("toolbar")).to_contain_text("3 chosen")
    assert violations(page) == []
    page.get_by_role("toolbar").get_by_role("button", name="Archive").click()
    expect(rows(page)).to_have_count(0)
    page.get_by_role("button", name="Archived").click()
    expect(rows(page)).to_have_count(3)


def test_lists_stand_newest_or_oldest_first(page: Page) -> None:
    talk(page, "the elder")
    talk(page, "the younger")
    page.goto("/library")
    expect(rows(page).first).to_contain_text("the younger")
    page.get_by_role("button", name="Oldest first").click()
    expect(rows(page).first).not_to_contain_text("the younger")
    expect(page).to_have_url(re.compile("order=oldest"))


def test_a_word_is_found_highlighted_and_jumped_to(page: Page) -> None:
    address = talk(page, "pomegranate molasses")
    say(page, "something else")
    expect(answers(page)).to_have_count(2)
    ended(answers(page).last)
    page.goto("/search?q=pomegranate")
    hit = page.get_by_role("main").get_by_role("link").first
    expect(hit.locator("mark").first).to_have_text("pomegranate")
    hit.click()
    expect(page).to_have_url(re.compile(re.escape(address) + r"\?message="))
    expect(page.get_by_text("pomegranate molasses").first).to_be_in_viewport()


def test_a_conversation_is_renamed_pinned_and_tagged_by_keyboard_alone(page: Page) -> None:
    talk(page, "keys only")
    button = page.get_by_role("banner").get_by_role("button", name="Menu of")

    def perform(name: str) -> None:
        button.focus()
        page.keyboard.press("Enter")
        item = page.get_by_role("menuitem", name=name, exact=True)
        expect(page.get_by_role("menu")).to_be_visible()
        for _ in range(12):
            if item.evaluate("element => element === document.activeElement"):
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    perform("Rename")
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("Named by keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation").get_by_role("link", name="Named by keys").first).to_be_visible()
    perform("Pin")
    expect(page.get_by_role("navigation").get_by_role("heading", name="Pinned")).to_be_visible()


def test_on_a_phone_lists_are_chosen_from_and_nothing_is_cut_off(phone: Page) -> None:
    talk(phone, "in the hand")
    phone.goto("/library")
    phone.get_by_role("checkbox", name="Choose in the hand").check()
    expect(phone.get_by_role("toolbar")).to_contain_text("1 chosen")
    fits(phone, 390)
    assert violations(phone) == []


def test_an_export_of_chatgpt_is_looked_into_chosen_from_and_told_of(page: Page, tmp_path: Path) -> None:
    parts = {"content_type": "multimodal_text", "parts": ["Look", {"content_type": "image_asset_pointer"}]}
    pictured = [node("p", None, "user", parts, 1), node("a", "p", "assistant", "I see.", 2)]
    chats = [
        branched(id_="one", title="Saffron from elsewhere"),
        branched(id_="two", title="Left behind"),
        chatgpt(*pictured, id_="three", title="With a picture"),
        {"title": "Strange", "mapping": {}},
    ]
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps(chats))
    page.goto("/settings/data")
    page.get_by_label("Choose a file").set_input_files(file)
    card = page.get_by_role("listitem", name="conversations.json").first
    expect(card.get_by_text("Conversations found: 4").first).to_be_visible()
    expect(card.get_by_text("ChatGPT")).to_be_visible()
    expect(card.get_by_text("Images that are not in the file, or too large: 1")).to_be_visible()
    assert violations(page) == []
    card.get_by_role("checkbox", name="Choose Left behind").uncheck()
    keep_picture(page, "choice")
    card.get_by_role("button", name="Import (2)").click()
    expect(card.get_by_role("status")).to_contain_text("Imported: 2")
    expect(card.get_by_role("status")).to_contain_text("Left out: 1")
    expect(card.get_by_text("What was not understood, or left out")).to_be_visible()
    assert violations(page) == []
    keep_picture(page, "report")
    page.goto("/library")
    page.get_by_role("main").get_by_role("link", name="Saffron from elsewhere").click()
    expect(answers(page).last).to_contain_text("A yellow root.")
    page.goto("/search?q=turmeric")
    expect(page.get_by_role("main").get_by_role("link").first).to_contain_text("Saffron from elsewhere")


def test_a_file_that_is_none_is_told_of_and_can_be_removed(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    file.write_text("these are my notes")
    page.goto("/settings/data")
    page.get_by_label("Choose a file").set_input_files(file)
    card = page.get_by_role("listitem", name="notes.json").first
    expect(card.get_by_role("alert")).to_contain_text("neither a ZIP archive nor a JSON file")
    page.get_by_role("button", name="Delete notes.json").click()
    expect(page.get_by_role("listitem", name="notes.json")).to_have_count(0)


def test_an_account_is_taken_along_and_the_page_may_be_left_meanwhile(page: Page, tmp_path: Path) -> None:
    talk(page, "to be taken along")
    page.goto("/settings/data")
    page.get_by_role("button", name="Make an archive").click()
    expect(page.get_by_role("list", name="Take everything along").get_by_role("listitem")).to_have_count(1)
    page.goto("/")
    page.goto("/settings/data")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").first.click()
    path = tmp_path / "archive.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        texts = [archive.read(name) for name in archive.namelist() if name.startswith("conversations/")]
    assert any(b"to be taken along" in text for text in texts)
    assert violations(page) == []
    page.get_by_label("Choose a file").set_input_files(path)
    card = page.get_by_role("listitem", name="archive.zip").first
    expect(card.get_by_text("Already here").first).to_be_visible()
    card.get_by_role("button", name="Import files and bots").click()
    expect(card.get_by_text("Everything was understood.")).to_be_visible()


def test_on_a_phone_a_file_is_brought_in(phone: Page, tmp_path: Path) -> None:
    file = tmp_path / "chats.json"
    file.write_text(json.dumps([open_webui(*exchanged(), id_="phone", title="Kimchi on the phone")]))
    phone.goto("/settings/data")
    phone.get_by_label("Choose a file").set_input_files(file)
    card = phone.get_by_role("listitem", name="chats.json").first
    card.get_by_role("button", name="Import (1)").click()
    expect(card.get_by_role("status")).to_contain_text("Imported: 1")
    keep_picture(phone, "phone")
    fits(phone, 390)
    assert violations(phone) == []


def exchanged() -> list[dict[str, object]]:
    return [message("q", None, "user", "What is kimchi?", 1), message("a", "q", "assistant", "Cabbage.", 2)]
