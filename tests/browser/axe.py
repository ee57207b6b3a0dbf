"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 A and AA."""

from functools import cache

from playwright.sync_api import Page

from bench.processes import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A colour that is on its way from light to dark, or from disabled to enabled, has no contrast yet: a page is judged while it
# is still, and again where something was found and something moved while axe looked.
FIND = """async (rules) => {
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const isMoving = () => document.getAnimations().some(
        (one) => one instanceof CSSTransition && one.playState === "running");
    let hasMoved, found;
    const moves = () => { hasMoved = true; };
    document.addEventListener("transitionrun", moves, true);
    do {
        do { await frame(); await frame(); } while (isMoving());
        hasMoved = false;
        found = (await axe.run(document, { runOnly: rules })).violations;
        await frame();
    } while (found.length && hasMoved);
    document.removeEventListener("transitionrun", moves, true);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}"""


@cache
def _source() -> str:
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """Each with the elements that it is about. Not as a script of the page, which its policy would rightly refuse."""
    page.evaluate(_source())
    found: list[str] = page.evaluate(FIND, RULES)
    return found
