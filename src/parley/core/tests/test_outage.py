import time

import pytest
from django.db import OperationalError, connection

from parley.core.outage import Outage, may_turn_again


class Refused(Exception):
    """As the driver raises it."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def failure(sqlstate: str | None) -> OperationalError:
    error = OperationalError("as Django wraps it")
    error.__cause__ = Refused(sqlstate)
    return error


@pytest.mark.parametrize(
    ("sqlstate", "is_gone"),
    [
        (None, True),  # no connection
        ("57P01", True),  # an administrator ends the server
        ("08006", True),
        ("53300", True),  # too many connections
        ("55P03", False),  # somebody holds the row
        ("57014", False),  # a statement took too long
        ("40P01", False),
    ],
)
def test_an_outage_is_a_lost_connection_and_no_refusal(
    sqlstate: str | None, is_gone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    outage, before = Outage(), time.monotonic()

    outage.note(failure(sqlstate))

    assert outage.was_since(before) == is_gone
    assert (outage.ago_s < 60) == is_gone


def test_only_who_stood_in_anothers_way_may_turn_again() -> None:
    assert may_turn_again(failure("40P01"))
    assert may_turn_again(failure("40001"))
    assert not may_turn_again(failure("57P01"))
    assert not may_turn_again(failure(None))
