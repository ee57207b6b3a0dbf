"""When this process last lost its database: so that those who wait in a row do not each find it out for themselves, and so
that nobody takes the replies of others for abandoned because nobody could renew a lease.
"""

import time

from django.db import Error, connection

TURN_AGAIN = ("40001", "40P01")  # of two transactions that stood in each other's way this one was undone


class Outage:
    """Written and read by any thread; a float needs no lock."""

    def __init__(self) -> None:
        self._noted_at = float("-inf")

    def note(self, error: Exception) -> bool:
        """The database failed us so; noted when it is gone, not when it only refused: somebody held a lock for too long."""
        is_gone = isinstance(error, Error) and _is_gone(error)
        if is_gone:
            self._noted_at = time.monotonic()
        return is_gone

    def was_since(self, moment: float) -> bool:
        """Whether it was lost after `moment`, a time of `time.monotonic`."""
        return self._noted_at > moment

    @property
    def ago_s(self) -> float:
        """How long it has answered since; without end when it always did."""
        return time.monotonic() - self._noted_at


def may_turn_again(error: Exception) -> bool:
    """Whether the transaction was undone only because of another, and may be made again at once."""
    return _state(error) in TURN_AGAIN


def first_line(error: Exception) -> str:
    """What a database said of its failure, for a line of the log: what follows repeats the statement, or gives hints."""
    return str(error).partition("\n")[0]


def _is_gone(error: Exception) -> bool:
    """No connection, or none any more. SQLite is a file: it is never gone, only locked. (SQLSTATE: PostgreSQL, appendix A)"""
    state = _state(error)
    return (
        connection.vendor != "sqlite"
        and error.__cause__ is not None
        and (state is None or state[:2] in ("08", "53") or state[:3] == "57P")
    )


def _state(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


database = Outage()
