"""The writer thread of a process: one after another, what is first in rank first."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
Job = tuple["Future[Any]", Callable[[], Any]]  # of whatever type each function returns


class Writer:
    """One thread, started with the first work. On SQLite two writers would only wait for each other's lock."""

    def __init__(self) -> None:
        self._first: deque[Job] = deque()
        self._others: deque[Job] = deque()
        self._waiting = threading.Semaphore(0)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, work: Callable[[], T], *, first: bool = False) -> "Future[T]":
        """Run `work` in the thread: before all others that wait, if it is `first`, else behind them."""
        future: Future[T] = Future()
        (self._first if first else self._others).append((future, work))
        self._waiting.release()
        if self._thread is None:
            self._begin()
        return future

    def _begin(self) -> None:
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._waiting.acquire()
            future, work = (self._first or self._others).popleft()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - it is for the one who waits
                    future.set_exception(error)
            del future, work  # keep nobody's result alive until the next work comes
