from uuid import UUID

import pytest

from parley.core.ids import uuid7


def test_ids_are_version_7_and_grow() -> None:
    ids = [uuid7() for _ in range(1000)]

    assert ids == sorted(set(ids))
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {"specified in RFC 4122"}


def test_an_id_is_greater_than_one_from_a_host_whose_clock_is_ahead() -> None:
    hour_ahead = UUID(int=uuid7().int + (3_600_000 << 80))
    made = [uuid7(after=hour_ahead) for _ in range(100)]

    assert all(one > hour_ahead and one.version == 7 for one in made)
    assert len(set(made)) == 100
    assert uuid7() < hour_ahead  # it does not take this process along


@pytest.mark.parametrize("foreign", [UUID(int=0), UUID(int=(1 << 128) - 1)])
def test_any_number_may_come_before(foreign: UUID) -> None:
    assert uuid7(after=foreign).version == 7
