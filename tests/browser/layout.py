"""What is looked at when a page is drawn."""

from playwright.sync_api import Page


def fits(page: Page, width: int) -> None:
    """Waits until nothing reaches beyond ``width`` pixels; a page that was just made narrower takes a moment."""
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width, timeout=5_000)
