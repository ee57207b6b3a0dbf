"""What is looked at when a page is drawn."""

from playwright.sync_api import Locator, Page

STILL = "() => document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running')"
# A wheel scrolls for some frames after it was turned.
AT_REST = """(box) => new Promise((rests) => {
    let last = NaN, since = 0;
    const look = () => {
        since = box.scrollTop === last ? since + 1 : 0;
        last = box.scrollTop;
        if (since < 10) requestAnimationFrame(look); else rests(last);
    };
    look();
})"""


def fits(page: Page, width: int) -> None:
    """Waits until nothing reaches beyond ``width`` pixels; a page that was just made narrower takes a moment."""
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def still(page: Page) -> None:
    """Waits until what slides or fades in has done so."""
    page.wait_for_function(STILL)


def rests_at(scroller: Locator) -> float:
    """How far it is scrolled, in pixels, once it has come to rest."""
    return float(scroller.evaluate(AT_REST))
