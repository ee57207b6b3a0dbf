"""The background of one process: the same Celery app on an in-memory broker, its worker and Beat as threads."""

import logging
import threading

from celery.beat import EmbeddedService, Scheduler
from celery.worker import WorkController
from kombu.exceptions import OperationalError

from parley.celery import app

logger = logging.getLogger(__name__)

THREADS = 2  # jobs wait for models and the database, not for the processor
AT_START = ("engine.sweep", "providers.refresh_catalogue")  # Beat's first rings come an interval later


def ring_at_start() -> None:
    """Ask whoever works for what should not wait for Beat. Without a broker it waits."""
    for task in AT_START:
        try:
            app.send_task(task)
        except OperationalError as error:
            logger.warning("%s waits for its turn: the broker does not answer (%s)", task, error)


class Background:
    """Worker and Beat of this process. They are a convenience of latency: a job lost with them is rung for again."""

    def __init__(self) -> None:
        self._worker: WorkController | None = None
        self._beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler, schedule_filename="")

    def start(self) -> None:
        """Begin in threads of their own; returns at once."""
        threading.Thread(target=self._work, name="celery worker", daemon=True).start()
        self._beat.daemon = True
        self._beat.start()
        ring_at_start()

    def stop(self) -> None:
        """Tell both to end; waits for neither, since this is called on the loop and their threads go with the process."""
        self._beat.service.stop()
        if self._worker:
            self._worker.stop(in_sighandler=True)

    def _work(self) -> None:
        self._worker = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=THREADS,
            without_mingle=True,
            without_gossip=True,
            without_heartbeat=True,
            loglevel=logging.WARNING,
        )
        self._worker.start()
