"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 A and AA."""

from functools import cache

from playwright.sync_api import Page

from bench.processes import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FIND = """async (rules) => (await axe.run(document, { runOnly: rules })).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`)"""

# A colour that is on its way from light to dark has no contrast yet.
SETTLED = (
    "() => document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running')"
)


@cache
def _source() -> str:
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """Each with the elements that it is about. Not as a script of the page, which its policy would rightly refuse."""
    page.wait_for_function(SETTLED)
    page.evaluate(_source())
    found: list[str] = page.evaluate(FIND, RULES)
    return found
