"""Models of this machine as a person without a key meets them: from a folder, and from the hub. Run by `make test-models`."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from model_service.tests.hub import Hub, hub_of
from tests.browser.conftest import chromium, context, page, playwright
from tests.browser.ways import EVERY_WAY, WAYS, look, show
from tests.live import Live
from tests.model_service.stage import make_tiny, parley_with_models

__all__ = ["chromium", "context", "page", "playwright"]  # fixtures of the browser's tests

pytestmark = pytest.mark.timeout(300)  # on a busy machine torch alone takes a minute to start

NAME = "parley/tiny"
SLOW = 300_000.0  # bytes a second: some seconds for a tiny model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny(tmp_path_factory.mktemp("made") / "tiny")


@pytest.fixture(scope="module")
def hub(tiny: Path) -> Iterator[Hub]:
    with hub_of(Hub({NAME: tiny, "parley/gated": tiny}, gated={"parley/gated": set()})) as hub:
        yield hub


@pytest.fixture(scope="module")
def live(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    live = parley_with_models(tmp_path_factory.mktemp("parley"), HF_ENDPOINT=hub.url)
    live.key = live.found()
    live.start()
    yield live
    live.end()


def models_of_this_machine(page: Page) -> Locator:
    """Its card, once the service answers."""
    page.goto("/settings/models")
    card = page.get_by_role("region", name="Models of this machine").filter(has=page.get_by_role("heading", level=2))
    expect(card.get_by_role("button", name="From a folder")).to_be_visible(timeout=150_000)
    return card


def look_at(page: Page, name: str) -> None:
    """Wide and on a phone, light and dark: nothing that axe finds, and nothing that needs to be scrolled to the side."""
    page.mouse.move(0, 0)
    for way in EVERY_WAY:
        look(page, name, way)
    show(page, WAYS["wide"])


def talk_to(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Talk to {name}").click()
    page.get_by_role("textbox", name="Message", exact=True).fill("Is anything ever lost?")
    page.get_by_role("button", name="Send message").click()
    answer = page.get_by_role("article", name="Answer")
    expect(answer).to_have_attribute("data-status", "completed", timeout=60_000)
    expect(answer.locator("[data-answer-text]")).to_have_text(re.compile(r"\S"))


def test_who_has_no_key_picks_a_folder_with_a_model_in_it_and_chats(page: Page, tiny: Path, tmp_path: Path) -> None:
    card = models_of_this_machine(page)
    card.get_by_role("button", name="From a folder").click()
    mute = tmp_path / "mute"
    shutil.copytree(tiny, mute)
    (mute / "tokenizer.json").unlink()

    card.get_by_role("textbox", name="Folder").fill(str(mute))
    card.get_by_role("button", name="Offer this model").click()
    expect(card.get_by_role("alert")).to_contain_text("has no tokenizer")
    look_at(page, "folder-refused")

    card.get_by_role("textbox", name="Folder").fill(str(tiny))
    card.get_by_role("button", name="Offer this model").click()
    expect(page.get_by_text("tiny can be talked to now.")).to_be_visible()
    expect(card.get_by_role("list", name="Models of this machine")).to_contain_text(str(tiny))
    talk_to(page, "tiny")

    page.goto("/settings/models")
    expect(card.get_by_text("in memory")).to_be_visible()
    look_at(page, "folder-offered")


def test_a_model_of_the_hub_is_downloaded_left_paused_gone_on_with_and_talked_to(page: Page, hub: Hub) -> None:
    hub.pace = SLOW
    card = models_of_this_machine(page)
    card.get_by_role("textbox", name="Model", exact=True).fill(f"https://huggingface.co/{NAME}")
    card.get_by_role("button", name="Download", exact=True).click()
    progress = card.get_by_role("progressbar", name=f"Download of {NAME}")
    expect(progress).to_have_attribute("aria-valuenow", re.compile(r"[1-9]"))

    page.goto("/")
    card = models_of_this_machine(page)
    card.get_by_role("button", name=f"Pause the download of {NAME}").click()
    expect(card.get_by_text("Paused")).to_be_visible()
    look_at(page, "hub-paused")
    assert hub.sent["model.safetensors"] < (hub.models[NAME] / "model.safetensors").stat().st_size

    hub.pace = 0.0
    card.get_by_role("button", name=f"Go on with the download of {NAME}").click()
    expect(progress).to_have_count(0)
    assert hub.ranges, "it began anew"
    talk_to(page, NAME)


def test_what_the_hub_refuses_is_told_and_can_be_cleared_away(page: Page, live: Live) -> None:
    card = models_of_this_machine(page)
    card.get_by_role("textbox", name="Model", exact=True).fill("parley/gated")
    card.get_by_role("button", name="Download", exact=True).click()
    downloads = card.get_by_role("list", name="Downloads")
    expect(downloads.get_by_role("alert")).to_contain_text("HF_TOKEN")
    look_at(page, "hub-refused")

    card.get_by_role("textbox", name="Model", exact=True).fill("no name")
    card.get_by_role("button", name="Download", exact=True).click()
    expect(card.get_by_text("A name looks like owner/model")).to_be_visible()

    downloads.get_by_role("button", name="Cancel the download of parley/gated").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the download").click()
    expect(downloads).to_have_count(0)
