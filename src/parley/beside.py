"""The model service beside `parley up --models`: a child process that is kept alive, and whose models become ours."""

import logging
import os
import secrets
import threading
import time
from pathlib import Path
from typing import Final

from django.db import close_old_connections

from parley.fleet.model_service import LOOPBACK, model_service_part
from parley.fleet.part import Running, free_port
from parley.providers.local_models import KEY_VARIABLE, URL_VARIABLE
from parley.providers.unasked import list_model_service

logger = logging.getLogger(__name__)

LOOKS_S: Final = 0.5
BACKOFF_S: Final = (1.0, 5.0, 30.0)  # before the second, third … start of one that keeps dying
STEADY_S: Final = 60.0


def say_where(port: int, key: str) -> None:
    """To all of Parley that reads its vendors from the environment."""
    os.environ[URL_VARIABLE], os.environ[KEY_VARIABLE] = f"http://{LOOPBACK}:{port}", key


def take_its_models() -> None:
    """What it offers becomes ours. For a thread that asks the database for nothing else."""
    list_model_service()
    close_old_connections()


class Beside:
    """`start` comes before Parley reads its vendors from the environment, where it says where the service will be."""

    def __init__(self, data: Path) -> None:
        """Raises `NoModelService`, which says how to install it."""
        folder = data / "models"
        self._port, self._key = free_port(), secrets.token_urlsafe(24)
        self._running = Running(model_service_part(folder, port=self._port, key=self._key), folder / "service.log")
        self._is_ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="model service", daemon=True)

    def start(self) -> None:
        """Returns at once; the service needs some seconds, in which Parley already serves."""
        self._running.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        say_where(self._port, self._key)
        self._thread.start()

    def stop(self) -> None:
        """Ends it, and waits for that."""
        self._is_ending.set()
        self._thread.join()

    def _keep(self) -> None:
        """Start it; when it dies, start it again."""
        deaths = 0
        while not self._is_ending.is_set():
            began_s = time.monotonic()
            self._running.start()
            self._watch()
            deaths = 1 if time.monotonic() - began_s > STEADY_S else deaths + 1
            if not self._is_ending.is_set():
                wait_s = BACKOFF_S[min(deaths, len(BACKOFF_S)) - 1]
                how, log = self._running.how_it_ended, self._running.log
                logger.warning("the model service %s; it is started again in %g s. Its log: %s", how, wait_s, log)
                self._is_ending.wait(wait_s)
            self._running.clear()

    def _watch(self) -> None:
        """Until it has died or ended. When it answers, what it offers becomes ours."""
        was_ready = False
        while self._running.is_alive and not self._is_ending.wait(LOOKS_S):
            if not was_ready and self._running.is_ready:
                was_ready = True
                take_its_models()
        self._running.tell(self._running.part.end_signal)
        until_s = time.monotonic() + self._running.part.grace_s
        while self._running.is_alive and time.monotonic() < until_s:
            time.sleep(0.1)
