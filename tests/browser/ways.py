"""The ways in which a page is looked at: wide and on a phone, light and dark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import keep_picture
from tests.browser.layout import fits

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

# The system turns at once. The app says on its root when it has followed, which takes it a moment; a page without the app
# has nothing but the system's word.
TURNED = """(wanted) => {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    return (document.documentElement.dataset.scheme ?? (isDark ? "dark" : "light")) === wanted;
}"""


@dataclass(frozen=True)
class Way:
    """A window, in pixels, and the scheme of its system."""

    width: int
    height: int
    scheme: Scheme = "light"


WAYS: Mapping[str, Way] = {"wide": Way(1440, 900), "phone": Way(390, 844), "dark": Way(1440, 900, "dark")}
EVERY_WAY = {**WAYS, "dark-phone": Way(390, 844, "dark")}


def turn(page: Page, scheme: Scheme) -> None:
    """Make the system light or dark, and wait until the page is."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(TURNED, arg=scheme)


def resize(page: Page, width: int, height: int) -> None:
    """Give the page a window of so many pixels, and wait until it has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => innerWidth === width", arg=width)


def show(page: Page, way: Way) -> None:
    """Whatever the page shows is shown this way from now on."""
    resize(page, way.width, way.height)
    turn(page, way.scheme)


def look(page: Page, name: str, way: str) -> None:
    """Shown this way, nothing sticks out of the page and axe finds nothing. `name` is that of its picture."""
    show(page, EVERY_WAY[way])
    fits(page, EVERY_WAY[way].width)
    keep_picture(page, f"{name}-{way}")
    assert violations(page) == []
