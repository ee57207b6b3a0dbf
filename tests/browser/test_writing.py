"""What goes into a message before it is sent: files and pictures, prompts, drafts, and what waits its turn."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, FilePayload, Locator, Page, Route, expect

from tests.browser.axe import violations
from tests.browser.conftest import ECHO, ENDLESS, SLOW, sign_in
from tests.browser.layout import fits
from tests.browser.test_conversation import answers, begin, choose, ended, say
from tests.live import Live

pytestmark = pytest.mark.browser

# Whether so many posts wait in the browser's own database, and so many files; something is shown a moment before it is kept.
KEPT = """async ([posts, files]) => {
    const all = (name, table) => new Promise((done, failed) => {
        const opening = indexedDB.open(name);
        opening.onerror = failed;
        opening.onsuccess = () => {
            const asking = opening.result.transaction(table).objectStore(table).getAll();
            asking.onsuccess = () => { opening.result.close(); done(asking.result); };
        };
    });
    const waiting = (await all("parley", "outbox")).filter(({ accepted }) => !accepted);
    const attached = await all("parley-files", "attachments");
    const isTaken = ({ post }) => Boolean(post) === posts > 0;
    return waiting.length === posts && attached.length === files && attached.every(isTaken);
}"""
UPLOADS = re.compile("/api/v1/files\\?")
EXIF = b"\xff\xe1\x00\x1cExif\x00\x00GPS 48.8584N 2.2945E"


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True)


def chips(page: Page) -> Locator:
    return page.get_by_role("list", name="Attached files").get_by_role("listitem")


def attach(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def notes(text: str = "The giraffe is called Gerda.", name: str = "notes.txt") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def photo(page: Page, width: int = 3000, height: int = 2000) -> FilePayload:
    """As a camera writes it: large, and with the place where it was taken."""
    drawn = page.evaluate(
        """async ([width, height]) => {
            const canvas = Object.assign(document.createElement("canvas"), { width, height });
            const pen = canvas.getContext("2d");
            for (let at = 0; at < 300; at++) {
                pen.fillStyle = `hsl(${at * 7}, 60%, 60%)`;
                pen.fillRect((at * 97) % width, (at * 61) % height, 300, 200);
            }
            const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
            return [...new Uint8Array(await blob.arrayBuffer())];
        }""",
        [width, height],
    )
    raw = bytes(drawn)
    return {"name": "eiffel.jpg", "mimeType": "image/jpeg", "buffer": raw[:2] + EXIF + raw[2:]}


def stored(live: Live) -> list[tuple[str, str, int, str]]:
    return live.rows("SELECT name, kind, size_bytes, id FROM files_file ORDER BY id")


def bytes_of(live: Live, id_: str) -> bytes:
    found = UUID(id_).hex
    return (Path(live.folder) / "files" / "uploads" / found[-2:] / found).read_bytes()


def ready(page: Page, count: int) -> None:
    expect(page.locator("[data-attachment=ready]")).to_have_count(count)


def kept(page: Page, *, posts: int, files: int) -> None:
    """Waits until a reload loses none of so many posts that are not sent, and so many files, which go with those."""
    page.wait_for_function(KEPT, arg=[posts, files])


def sent_parts(live: Live) -> str:
    ((parts,),) = live.rows("SELECT parts FROM conversations_message WHERE role = 'user' ORDER BY id DESC LIMIT 1")
    return str(parts)


def test_a_text_file_is_read_by_the_model_and_stands_in_the_question(page: Page) -> None:
    page.goto("/")
    choose(page, ECHO)
    attach(page, notes())
    ready(page, 1)
    say(page, "Who is she?")
    expect(answers(page).last).to_contain_text("The giraffe is called Gerda.")
    question = page.get_by_role("article", name="Your message").last
    expect(question).to_contain_text("notes.txt")
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="notes.txt").click()
    assert download.value.path().read_text() == "The giraffe is called Gerda."
    assert violations(page) == []


def test_a_picture_is_made_smaller_and_leaves_its_place_behind(page: Page, live: Live) -> None:
    page.goto("/")
    choose(page, ECHO)
    taken = photo(page)
    assert b"GPS" in taken["buffer"]
    attach(page, taken)
    ready(page, 1)
    expect(page.get_by_text("cannot see pictures")).to_be_visible()
    say(page, "Where was I?")
    ended(answers(page).last)
    name, kind, _, id_ = stored(live)[-1]
    content = bytes_of(live, id_)
    assert (name, kind) == ("eiffel.jpg", "image")
    assert b"GPS" not in content
    assert b"Exif" not in content
    page.get_by_role("button", name="Look at eiffel.jpg").click()
    shown = page.get_by_role("dialog").get_by_role("img", name="eiffel.jpg")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [2048, 1365]
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_files_are_pasted_and_dropped_and_what_no_model_reads_is_refused(page: Page) -> None:
    page.goto("/")
    hand_over = """([how, name, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name, { type: "" }));
        const to = how === "paste" ? document.querySelector("textarea") : document.body;
        const made = how === "paste"
            ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent(how, { dataTransfer: data, bubbles: true, cancelable: true });
        to.dispatchEvent(made);
    }"""
    expect(field(page)).to_be_visible()
    page.evaluate(hand_over, ["paste", "pasted.md", "one"])
    ready(page, 1)
    page.evaluate(hand_over, ["dragenter", "dropped.md", "two"])
    expect(page.get_by_text("Drop files to attach them")).to_be_visible()
    page.evaluate(hand_over, ["drop", "dropped.md", "two"])
    ready(page, 2)
    expect(page.get_by_text("Drop files to attach them")).to_have_count(0)
    page.evaluate(hand_over, ["drop", "archive.zip", "PK\x03\x04\x00\x00"])
    expect(page.get_by_text("No model can read “archive.zip”")).to_be_visible()
    page.get_by_role("button", name="Remove pasted.md").click()
    expect(chips(page)).to_have_count(1)
    page.get_by_role("button", name="Remove dropped.md").click()
    expect(chips(page)).to_have_count(0)
    expect(field(page)).to_be_focused()


def test_a_message_with_files_survives_the_network_and_a_reload(
    page: Page, context: BrowserContext, live: Live
) -> None:
    begin(page, ECHO, "first")
    ended(answers(page).last)
    before = len(stored(live))
    context.set_offline(True)
    attach(page, notes("Kept in a tunnel."))
    expect(page.get_by_text("Waits for the network")).to_be_visible()
    say(page, "Read it to me")
    expect(page.get_by_text("Offline. It will be sent.")).to_be_visible()
    expect(page.get_by_role("article", name="Your message").last).to_contain_text("notes.txt")
    kept(page, posts=1, files=1)
    page.route(UPLOADS, lambda route: route.abort())
    context.set_offline(False)
    page.reload()
    expect(page.get_by_text("Uploading its files")).to_be_visible()
    expect(page.get_by_role("article", name="Your message").last).to_contain_text("Read it to me")
    page.unroute(UPLOADS)
    expect(answers(page).last).to_contain_text("Kept in a tunnel.")
    assert len(stored(live)) == before + 1
    assert sent_parts(live).count('"type":"file"') == 1
    expect(page.get_by_role("list", name="Attached files")).to_have_count(0)


def test_an_upload_that_is_cut_off_begins_again_and_stores_one_file(page: Page, live: Live) -> None:
    begin(page, ECHO, "first")
    ended(answers(page).last)
    before = len(stored(live))
    answered: list[APIResponse] = []

    def lose_the_answer(route: Route) -> None:
        if answered:
            route.continue_()
            return
        answered.append(route.fetch())  # it is stored, and nobody hears of it
        route.abort()

    page.route(UPLOADS, lose_the_answer)
    attach(page, notes("Sent twice."))
    ready(page, 1)
    assert answered
    say(page, "Once")
    expect(answers(page).last).to_contain_text("Sent twice.")
    assert len(stored(live)) == before + 1


def test_a_file_that_the_server_refuses_can_be_tried_again_or_taken_off(page: Page) -> None:
    page.goto("/")
    full: dict[str, Any] = {"status": 413, "json": {"detail": "Your files are full.", "code": "too_large"}}
    page.route(UPLOADS, lambda route: route.fulfill(**full))
    attach(page, notes())
    expect(page.get_by_text("Your files are full.")).to_be_visible()
    field(page).fill("So what")
    expect(page.get_by_role("button", name="Send message")).to_be_disabled()
    page.unroute(UPLOADS)
    page.get_by_role("button", name="Upload notes.txt again").click()
    ready(page, 1)
    expect(page.get_by_role("button", name="Send message")).to_be_enabled()
    page.get_by_role("button", name="Remove notes.txt").click()
    field(page).fill("")


def test_what_is_attached_and_not_sent_is_there_after_a_reload(page: Page) -> None:
    page.goto("/")
    attach(page, notes(), notes("More.", "more.txt"))
    ready(page, 2)
    kept(page, posts=0, files=2)
    page.reload()
    ready(page, 2)
    for name in ("notes.txt", "more.txt"):
        page.get_by_role("button", name=f"Remove {name}").click()
    kept(page, posts=0, files=0)
    page.reload()
    expect(field(page)).to_be_visible()
    expect(chips(page)).to_have_count(0)


def test_what_waits_its_turn_takes_its_files_back_when_it_is_taken_back(page: Page) -> None:
    begin(page, ENDLESS)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    attach(page, notes())
    ready(page, 1)
    say(page, "and then this")
    expect(page.get_by_text("Waits until the answer is finished.")).to_be_visible()
    expect(chips(page)).to_have_count(0)
    kept(page, posts=1, files=1)
    page.reload()
    expect(page.get_by_text("Waits until the answer is finished.")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(field(page)).to_have_value("and then this")
    ready(page, 1)
    page.get_by_role("button", name="Remove notes.txt").click()
    field(page).fill("")
    page.get_by_role("button", name="Stop").click()
    ended(answers(page).last)


def test_an_edit_keeps_the_files_unless_they_are_taken_off(page: Page, live: Live) -> None:
    page.goto("/")
    choose(page, ECHO)
    attach(page, notes("Gerda."), notes("Gustav.", "other.txt"))
    ready(page, 2)
    say(page, "Who?")
    ended(answers(page).last)
    page.get_by_role("article", name="Your message").last.hover()
    page.get_by_role("button", name="Edit", exact=True).first.click()
    page.get_by_role("button", name="Remove other.txt").click()
    page.get_by_role("textbox", name="Edit message").fill("Who again?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(answers(page).last).to_contain_text("Who again?")
    assert "notes.txt" in sent_parts(live)
    assert "other.txt" not in sent_parts(live)


def test_on_a_phone_everything_about_files_fits(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    choose(page, ECHO)
    attach(page, photo(page, 800, 600), notes("x" * 400, "a-very-long-name-" * 6 + ".txt"))
    ready(page, 2)
    fits(page, 390)
    say(page, "Look")
    ended(answers(page).last)
    fits(page, 390)
    assert violations(page) == []


def make_prompt(page: Page, name: str, text: str) -> None:
    page.goto("/settings/prompts")
    page.get_by_role("button", name="New prompt").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Text").fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"/{name}", exact=True)).to_be_visible()


def test_a_prompt_is_made_and_said_by_keyboard_alone(page: Page) -> None:
    make_prompt(page, "letter", "Write to {{name}} in {{language}}.")
    make_prompt(page, "list", "Make a list of it.")
    assert violations(page) == []
    page.goto("/")
    expect(field(page)).to_be_focused()
    page.keyboard.type("/l")
    listed = page.get_by_role("menu", name="Prompts that fit").get_by_role("menuitem")
    expect(listed).to_have_count(3)  # the way to all of them stands last
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("Make a list of it.")
    field(page).fill("")
    page.keyboard.type("/lett")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="name")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type("French")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    expect(field(page)).to_have_value("Write to Ada in French.")
    expect(field(page)).to_be_focused()
    field(page).fill("")
    page.keyboard.type("/etc/hosts")  # a path is a path
    expect(listed).to_have_count(0)
    field(page).fill("")


def test_a_deleted_prompt_comes_back_when_that_is_undone(page: Page) -> None:
    make_prompt(page, "gone", "Soon gone.")
    page.get_by_role("button", name="Delete /gone").click()
    expect(page.get_by_text("/gone", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("/gone", exact=True)).to_be_visible()
    page.get_by_role("button", name="Edit /gone").click()
    page.get_by_role("textbox", name="Text").fill("Here to {{stay}}.")
    expect(page.get_by_text("Asks for: stay")).to_be_visible()
    page.get_by_role("switch", name="Share with everybody").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Here to {{stay}}.")).to_be_visible()
    expect(page.get_by_text("Shared", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page, 390)


def test_a_draft_goes_on_on_the_next_device(page: Page, chromium: Browser, live: Live) -> None:
    begin(page, ECHO, "first")
    ended(answers(page).last)
    field(page).fill("half a thought")
    other = chromium.new_context(base_url=live.address)
    sign_in(phone := other.new_page(), live)
    phone.goto(page.url)
    expect(field(phone)).to_have_value("half a thought")
    field(phone).fill("half a thought, and the other half")
    expect(field(page)).to_have_value("half a thought, and the other half")
    page.get_by_role("button", name="Send message").click()
    ended(answers(page).last)
    expect(answers(page)).to_have_count(2)
    expect(field(phone)).to_have_value("")
    other.close()


def wait_for_draft(page: Page, live: Live, text: str) -> None:
    """Until the server has it."""
    address = f"/api/v1/conversations/{page.url.rpartition('/')[2]}/draft"
    while live.call("GET", address, live.key)["text"] != text:
        page.wait_for_timeout(100)


def test_what_two_devices_typed_apart_is_all_there(page: Page, chromium: Browser, live: Live) -> None:
    begin(page, ECHO, "first")
    ended(answers(page).last)
    other = chromium.new_context(base_url=live.address)
    sign_in(phone := other.new_page(), live)
    phone.goto(page.url)
    expect(answers(phone)).to_have_count(1)
    other.set_offline(True)
    field(phone).fill("typed in a tunnel")
    field(page).fill("typed at the desk")
    wait_for_draft(page, live, "typed at the desk")
    other.set_offline(False)
    for device in (phone, page):
        expect(field(device)).to_have_value(re.compile("typed at the desk[\\s\\S]*typed in a tunnel"))
    field(page).fill("")
    other.close()


def test_two_tabs_that_queue_double_nothing(page: Page, context: BrowserContext, live: Live) -> None:
    begin(page, SLOW)
    other = context.new_page()
    other.goto(page.url)
    expect(answers(other)).to_have_count(1)
    say(page, "from the first tab")
    say(other, "from the second tab")
    for tab in (page, other):
        expect(tab.get_by_role("article", name="Your message")).to_have_count(3)
    choose(page, ECHO)
    ended(answers(page).first)
    expect(answers(page)).to_have_count(3)
    ended(answers(page).last)
    said = live.rows("SELECT parts FROM conversations_message WHERE role = 'user' ORDER BY id DESC LIMIT 3")
    assert sum("from the first tab" in parts for (parts,) in said) == 1
    assert sum("from the second tab" in parts for (parts,) in said) == 1
