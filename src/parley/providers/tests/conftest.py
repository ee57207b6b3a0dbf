"""What tests of this room share."""

from collections.abc import AsyncIterator, Iterator

import pytest

from parley.providers import breaker, client, sessions


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test waits for a backoff that it did not ask for, or meets a breaker that another one opened."""
    monkeypatch.setattr(client, "BACKOFF_S", 0.01)
    breaker._breakers.clear()
    yield
    breaker._breakers.clear()


@pytest.fixture
async def closing_sessions() -> AsyncIterator[None]:
    yield
    await sessions.close_sessions()
