"""Begin and end to watch a process, whatever its part: its window, the address for Prometheus and probes, its traces."""

import atexit
import logging
import threading
import time
from typing import Final

from django.conf import settings

from parley.core import jobs
from parley.core.health import health
from parley.core.listener import Listener, Pages
from parley.core.log import take_over_servers
from parley.core.process import live_page, metrics_page, numbers_page, process_name, ready_page
from parley.core.traces import begin_traces, end_traces
from parley.core.window import close_window, open_window

logger = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 2.0
PAGES: Final[Pages] = {"/healthz/live": live_page, "/healthz/ready": ready_page, "/metrics": metrics_page}


SILENT_S: Final = 60.0  # Beat rings every few seconds


def watch_beat() -> None:
    """A Beat of a fleet: it has no loop and no door, and lives while it rings."""
    watch, begun = Watch(), time.monotonic()

    def rings() -> str:
        silent_s = time.monotonic() - max(jobs.rung_at, begun)
        return (
            f"Beat has rung for nothing in {silent_s:.0f} seconds. Look at the broker and the schedule."
            if silent_s > SILENT_S
            else ""
        )

    health.add("schedule", rings)
    watch.begin()
    atexit.register(watch.end)


class Watch:
    """Of one process. What cannot be opened is told in the log: a process that serves is worth more than one that is seen."""

    def __init__(self) -> None:
        self._window: Listener | None = None
        self._port: Listener | None = None
        self._ended = threading.Event()

    def begin(self) -> None:
        take_over_servers()
        try:
            self._window = open_window(settings.DATA_DIR, settings.ROLE, {**PAGES, "/numbers": numbers_page})
        except OSError as error:
            logger.warning("other processes cannot see this one: %s", error)
        if settings.TRACES:
            self._begin_traces()
        if settings.METRICS:
            threading.Thread(target=self._hold_port, args=settings.METRICS, name="metrics", daemon=True).start()

    def end(self) -> None:
        self._ended.set()
        end_traces()
        if self._port:
            self._port.close()
        if self._window:
            close_window(settings.DATA_DIR, self._window)

    def _begin_traces(self) -> None:
        try:
            begin_traces(settings.TRACES, one_in=settings.TRACES_ONE_IN, part=settings.ROLE, process=process_name())
        except ImportError:
            logger.warning("PARLEY_TRACES is set, but OpenTelemetry's SDK is not installed: see requirements/fleet.txt")

    def _hold_port(self, host: str, port: int) -> None:
        """One process of a machine has the address and answers for all; when it goes, another takes over."""
        has_told = False
        while not self._ended.is_set():
            try:
                self._port = Listener((host, port), PAGES)
                break
            except OSError as error:
                if not has_told:
                    logger.debug("another process answers at %s:%d: %s", host, port, error)
                    has_told = True
            self._ended.wait(LOOK_AGAIN_S)
        if self._ended.is_set() and self._port:
            self._port.close()
