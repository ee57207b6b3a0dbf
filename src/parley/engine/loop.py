"""The loop of this process, for the threads that need an async answer (Celery's jobs)."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from parley.providers.sessions import close_sessions

MARGIN_S = 5.0
T = TypeVar("T")
_loop: asyncio.AbstractEventLoop | None = None


def install_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    global _loop
    _loop = loop


def run_on_loop(work: Coroutine[Any, Any, T], *, timeout_s: float) -> T:
    """Wait in this thread for `work`, run on the process's loop, or on one of its own where there is none.

    Raises `TimeoutError`; the work is then cancelled.
    """
    limited = asyncio.wait_for(work, timeout_s)
    if _loop is None:
        return asyncio.run(_alone(limited))
    # A loop that ends in this very moment never answers: wait here as well, and a little longer than there.
    return asyncio.run_coroutine_threadsafe(limited, _loop).result(timeout_s + MARGIN_S)


async def _alone(work: Coroutine[Any, Any, T]) -> T:
    """Leave no open connection behind in a loop that ends with this call."""
    try:
        return await work
    finally:
        await close_sessions()
