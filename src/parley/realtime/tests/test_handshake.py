"""Who may open a socket."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from parley.engine.tests.stage import running_engine
from parley.realtime.tests.line import Line, headers_of, open_door
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

OUR_PAGE = "http://localhost:8000"


@pytest_asyncio.fixture(autouse=True)
async def _serving(db: None) -> AsyncIterator[None]:
    async with running_engine(), open_door():
        yield


async def test_a_page_of_ours_with_a_session_comes_in(owner: Person) -> None:
    line = Line(await headers_of(owner, origin=OUR_PAGE))
    assert (await line.connect())["type"] == "websocket.accept"
    await line.close()


async def test_a_program_with_a_key_comes_in_without_an_origin(owner: Person) -> None:
    line = Line(await headers_of(owner))
    assert (await line.connect())["type"] == "websocket.accept"
    await line.close()


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost:9000",
        "http://localhost:8000.evil.example",
        "http://evil.example/localhost:8000",
        "file://localhost:8000",
    ],
)
async def test_a_foreign_page_is_refused_whatever_cookie_comes_along(owner: Person, origin: str) -> None:
    line = Line(await headers_of(owner, origin=OUR_PAGE))
    assert (await line.connect())["type"] == "websocket.accept"
    await line.close()
    headers = [pair for pair in await headers_of(owner, origin=OUR_PAGE) if pair[0] != b"origin"]
    foreign = Line([*headers, (b"origin", origin.encode())])
    assert (await foreign.connect())["type"] == "websocket.close"


async def test_a_cookie_without_an_origin_is_refused(owner: Person) -> None:
    headers = [pair for pair in await headers_of(owner, origin=OUR_PAGE) if pair[0] != b"origin"]
    assert (await Line(headers).connect())["type"] == "websocket.close"


async def test_an_unknown_host_is_refused(owner: Person) -> None:
    headers = [pair for pair in await headers_of(owner) if pair[0] != b"host"]
    assert (await Line([*headers, (b"host", b"evil.example")]).connect())["type"] == "websocket.close"


async def test_nobody_hears_4401_and_not_a_single_frame() -> None:
    line = Line(await headers_of(None, origin=OUR_PAGE))
    assert (await line.connect())["type"] == "websocket.accept"
    assert (await line.message())["code"] == 4401


async def test_a_wrong_key_does_not_fall_back_on_a_cookie(owner: Person) -> None:
    headers = [*await headers_of(owner, origin=OUR_PAGE), (b"authorization", b"Bearer pk_wrong")]
    line = Line(headers)
    await line.connect()
    assert (await line.message())["code"] == 4401
