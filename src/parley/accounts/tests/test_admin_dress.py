"""Django's admin wears the colours of the app, opens for the operator, and for nobody else."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from parley import accounts
from parley.accounts.models import User
from tests.people import Person

CSS = Path(accounts.__file__).parent / "static" / "parley" / "admin.css"
THEME = Path(settings.REPOSITORY) / "frontend" / "src" / "theme.ts"


def test_every_colour_of_the_admin_is_one_of_the_token_file() -> None:
    theme = THEME.read_text(encoding="utf-8")
    light, dark = theme[: theme.index("  dark: {")], theme[theme.index("  dark: {") :]
    rules = re.sub(r"/\*.*?\*/", "", CSS.read_text(encoding="utf-8"), flags=re.S)
    blocks = {
        scheme: block
        for block in re.findall(r"{([^{}]*)}", rules)
        for scheme in re.findall(r"color-scheme: (light|dark)", block)
    }
    assert set(blocks) == {"light", "dark"}
    for scheme, known in (("light", light), ("dark", dark)):
        used = re.findall(r": (#[0-9a-f]+);", blocks[scheme])
        assert len(used) > 10
        assert [colour for colour in used if colour not in known] == []
    others = re.sub(r"{[^{}]*color-scheme[^{}]*}", "", rules)
    assert re.findall(r": #[0-9a-f]+;", others) == []


def test_the_operator_finds_the_way_back_to_parley(owner: Person) -> None:
    User.objects.filter(id=owner.user.id).update(is_staff=True, is_superuser=True)
    page = owner.browser.get("/admin/").content.decode()
    assert 'href="/settings/workspace"' in page
    assert "parley/admin.css" in page
    assert "theme-toggle" not in page


@pytest.mark.parametrize("who", ["admin", "mate", "stranger"])
def test_nobody_else_gets_in(who: str, request: pytest.FixtureRequest) -> None:
    answer = request.getfixturevalue(who).browser.get("/admin/accounts/user/")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")
