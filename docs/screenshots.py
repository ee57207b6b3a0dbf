"""Take the pictures of the README from a fresh Parley, in Debian's Chromium. Run by `make screenshots`."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "screenshots"
DESK: ViewportSize = {"width": 1200, "height": 780}
PHONE: ViewportSize = {"width": 390, "height": 780}
QUESTIONS = ("Where is my data?", "How do I call Parley from Python?")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with fresh_parley() as link, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        page = chromium.new_page(viewport=DESK)
        page.goto(link)
        for question in QUESTIONS:
            ask(page, question)
        take(page, "conversation")
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        take(page, "phone")
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        page.goto(f"{link.partition('/sign-in/')[0]}/settings/models")
        take(page, "models")
        chromium.close()


@contextmanager
def fresh_parley() -> Iterator[str]:
    """A Parley on a folder and port of its own; gives the link that signs its owner in."""
    parley_command = str(Path(sys.executable).with_name("parley"))
    with tempfile.TemporaryDirectory() as data:
        command = [parley_command, "up", "--port", "0", "--data", data]
        parley = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
        assert parley.stdout
        try:
            yield next(found[0] for line in parley.stdout if (found := re.search(r"http\S+/sign-in/\S+", line)))
        finally:
            parley.terminate()
            parley.wait(30)


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Message").fill(question)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Stop").wait_for(state="detached", timeout=60_000)


def take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # for what still fades in
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
