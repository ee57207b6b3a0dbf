"""Tell the other rooms, and other Django apps, what happened: after COMMIT, and never at the cost of the one who tells."""

import logging
from functools import partial

from django.db import transaction
from django.dispatch import Signal

logger = logging.getLogger(__name__)


def announce(signal: Signal, **fact: object) -> None:
    """Send `signal` with `fact` once the current transaction has committed; at once outside of one.

    A receiver that raises is logged and harms nobody (`send_robust`).
    """
    transaction.on_commit(partial(_send, signal, fact))


def _send(signal: Signal, fact: dict[str, object]) -> None:
    for receiver, outcome in signal.send_robust(sender=None, **fact):
        if isinstance(outcome, Exception):
            logger.error("receiver %r failed", receiver, exc_info=outcome)
