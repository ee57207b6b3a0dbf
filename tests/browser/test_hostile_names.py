"""Whatever a person may name, named to attack whoever reads the name: on the pages of the app, behind a link, in the admin."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ECHO
from tests.live import Live

pytestmark = pytest.mark.browser

HOSTILE = '"><img src=x onerror=__pwn=1>'


def name_everything(live: Live) -> dict[str, str]:
    """Where each name must be shown → what is named there. Returns addresses of pages."""

    def made(path: str, **body: object) -> str:
        answer = live.call("POST", f"/api/v1/{path}", live.key, body)
        return str(answer.get("token") or answer.get("id"))

    bot = live.bot_of(ECHO, live.key)
    conversation = made("conversations", bot=bot)
    said = {"key": conversation, "parts": [{"type": "text", "text": HOSTILE}]}
    live.call("POST", f"/api/v1/conversations/{conversation}/messages", live.key, said)
    folder = made("folders", name=HOSTILE)
    changes = {"version": 1, "title": HOSTILE, "tags": [HOSTILE], "folder": folder}
    live.call("PATCH", f"/api/v1/conversations/{conversation}", live.key, changes)
    card = next(card["id"] for card in live.call("GET", "/api/v1/models", live.key)["items"] if card["bot"] == bot)
    made("bots", name=HOSTILE, description=HOSTILE, greeting=HOSTILE, starters=[HOSTILE], model=card)
    made("rules", name=HOSTILE, steps=[{"models": [{"model": card}]}])
    made("keys", name=HOSTILE)
    made("prompts", name="letter", text=HOSTILE)
    made("invitations", role="member", note=HOSTILE)
    live.call("PATCH", "/api/v1/me", live.key, {"name": HOSTILE})
    return {
        "a conversation": f"/c/{conversation}",
        "a folder": f"/library?folder={folder}",
        "the search": "/search?q=onerror",
        "bots": "/bots",
        "rules": "/settings/rules",
        "keys": "/settings/keys",
        "prompts": "/settings/prompts",
        "people and invitations": "/settings/people",
        "people in the admin": "/admin/accounts/user/",
        "a shared picture": f"/shared/{made(f'conversations/{conversation}/shares', days=1)}",
    }


def test_a_hostile_name_is_words_on_every_page_that_shows_it(page: Page, live: Live, chromium: Browser) -> None:
    pages = name_everything(live)
    stranger = chromium.new_context(base_url=live.address).new_page()
    for what, address in pages.items():
        seer = stranger if address.startswith("/shared/") else page
        seer.goto(address)
        expect(seer.get_by_text(HOSTILE).first, what).to_be_visible()
        assert seer.locator("img[src=x]").count() == 0, what
        assert seer.evaluate("window.__pwn") is None, what
    stranger.context.close()
