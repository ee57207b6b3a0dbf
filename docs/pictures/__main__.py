"""`python -m docs.pictures`: take every picture and the film, in Debian's Chromium, into docs/screenshots/."""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from docs.pictures.furnish import furnish
from docs.pictures.stand_in import stand_in
from tests.browser.conftest import FLAGS, sign_in
from tests.browser.ways import turn
from tests.live import Live

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"
DESK: ViewportSize = {"width": 1200, "height": 780}
PHONE: ViewportSize = {"width": 390, "height": 780}
FILM: ViewportSize = {"width": 720, "height": 520}
SETTINGS = (
    *("profile", "appearance", "prompts", "keys", "sessions", "data"),
    *("workspace", "people", "models", "rules", "usage", "budgets", "retention", "health"),
)
FRAME_MS = 160
FRAMES_BEFORE, FRAMES_AFTER = 14, 30


def main() -> None:
    """Start everything, take the pictures, end everything."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, stand_in() as vendor, sync_playwright() as playwright:
        live = Live(Path(data))
        live.key = live.found()
        live.start()
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            conversation, bot = furnish(live, vendor)
            page = chromium.new_context(base_url=live.address, viewport=DESK).new_page()
            sign_in(page, live)
            page.set_default_timeout(10_000)
            shoot_film(page)
            page.set_viewport_size(DESK)
            shoot_pages(page, conversation, bot)
            shoot_playground(page)
        finally:
            chromium.close()
            live.end()


def shoot_pages(page: Page, conversation: str, bot: str) -> None:
    """Each page, wide, light and dark; the conversation also on a phone in the dark, and one from the right to the left."""
    pages = {"new": "/", "conversation": f"/c/{conversation}", "library": "/library", "search": "/search?q=running"}
    pages |= {"bots": "/bots", "bot-editor": f"/bots/{bot}"}
    pages |= {f"settings-{name}": f"/settings/{name}" for name in SETTINGS}
    for name, address in pages.items():
        take(page, name, address)
        take_dark(page, name)
    page.set_viewport_size(PHONE)
    turn(page, "dark")
    take(page, "phone", f"/c/{conversation}")
    page.set_viewport_size(DESK)
    turn(page, "light")
    page.evaluate("localStorage.setItem('parley.locale', 'ar')")
    take(page, "arabic", "/settings/appearance")
    page.evaluate("localStorage.setItem('parley.locale', 'en')")


def shoot_playground(page: Page) -> None:
    """Two models beside each other."""
    page.goto("/playground")
    for number, name in enumerate(("Brook 8B", "River 70B"), start=1):
        field = page.get_by_role("combobox", name=f"Model {number}", exact=True)
        if not field.count():
            page.get_by_role("button", name="Add model").click()
        field.click()
        field.fill(name)
        page.get_by_role("option", name=name).first.click()
    page.get_by_role("textbox", name="Message 1", exact=True).fill("How do I write a running mean?")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(3000)
    take(page, "playground")
    take_dark(page, "playground")


def shoot_film(page: Page) -> None:
    """Words stream in; the page is reloaded in mid-reply; the reply goes on."""
    page.set_viewport_size(FILM)
    page.goto("/")
    page.get_by_role("button", name="Bot or model").click()
    page.get_by_role("menuitem", name="Delta").click()
    page.get_by_role("textbox", name="Message", exact=True).fill("Why are there tides?")
    page.keyboard.press("Enter")
    page.get_by_role("article", name="Answer").wait_for()
    frames = [frame(page) for _ in range(FRAMES_BEFORE)]
    page.reload(wait_until="commit")
    frames += [frame(page) for _ in range(FRAMES_AFTER)]
    held = [FRAME_MS] * (len(frames) - 1) + [2500]
    frames[0].save(
        PICTURES / "reload.gif", save_all=True, append_images=frames[1:], duration=held, loop=0, optimize=True
    )


def frame(page: Page) -> Image.Image:
    page.wait_for_timeout(FRAME_MS)
    return palette(page.screenshot(), 48)


def take(page: Page, name: str, address: str = "") -> None:
    """A picture of what stands at this address, or of what is shown, as a PNG of few colours."""
    if address:
        page.goto(address)
    page.mouse.move(0, 0)
    page.wait_for_timeout(900)  # for what is fetched and fades in
    palette(page.screenshot(), 128).save(PICTURES / f"{name}.png", optimize=True)


def take_dark(page: Page, name: str) -> None:
    """What is shown, in the dark."""
    turn(page, "dark")
    take(page, f"{name}-dark")
    turn(page, "light")


def palette(shot: bytes, colours: int) -> Image.Image:
    return Image.open(io.BytesIO(shot)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
