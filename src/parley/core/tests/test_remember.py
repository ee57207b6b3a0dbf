from collections.abc import Callable
from itertools import count

import pytest

from parley.core.remember import Remembered


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("parley.core.remember.time", clock)
    return clock


def test_an_answer_is_kept_for_its_time_and_no_longer(clock: Clock) -> None:
    times = count(1)
    read = Remembered[str, int](lambda key: next(times), seconds=10)
    assert [read("a"), read("a"), read("b")] == [1, 1, 2]
    clock.now += 10
    assert read("a") == 3


def test_what_is_forgotten_is_read_again() -> None:
    times = count(1)
    read = Remembered[str, int](lambda key: next(times), seconds=10)
    assert read("a") == 1
    read.forget()
    assert read("a") == 2


def test_an_answer_that_was_read_before_it_was_forgotten_is_not_kept() -> None:
    answers = iter(["old", "new"])

    def slow(key: str) -> str:
        answer = next(answers)
        if answer == "old":
            read.forget()  # the change commits while we read
        return answer

    read = Remembered(slow, seconds=10)
    assert read("a") == "old"
    assert read("a") == "new"


def test_an_error_is_not_remembered() -> None:
    answers = iter([None, "there now"])

    def find(key: str) -> str:
        answer = next(answers)
        if answer is None:
            raise KeyError(key)
        return answer

    read = Remembered(find, seconds=10)
    with pytest.raises(KeyError):
        read("a")
    assert read("a") == "there now"


def test_no_more_than_the_most_are_kept() -> None:
    times = count(1)
    read = Remembered[str, int](lambda key: next(times), seconds=10, most=2)
    assert [read(key) for key in "abbcca"] == [1, 2, 2, 3, 3, 4]


def test_what_is_asked_in_the_second_half_of_its_time_is_read_again_beside_who_asks(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    times, waiting = count(1), list[Callable[[], object]]()
    monkeypatch.setattr("parley.core.remember._beside", waiting.append)
    read = Remembered[str, int](lambda key: next(times), seconds=10)
    assert read("a") == 1
    clock.now += 4
    assert read("a") == 1
    assert not waiting
    clock.now += 2
    assert [read("a"), read("a")] == [1, 1], "who asks does not wait"
    (renew,) = waiting  # once, however many ask
    renew()
    clock.now += 9
    assert read("a") == 2


def test_what_is_forgotten_while_it_is_read_beside_is_not_kept(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    times, waiting = count(1), list[Callable[[], object]]()
    monkeypatch.setattr("parley.core.remember._beside", waiting.append)
    read = Remembered[str, int](lambda key: next(times), seconds=10)
    read("a")
    clock.now += 6
    read("a")
    read.forget_here()
    waiting[0]()
    assert read("a") == 3
