"""The retry policy: how often, how long, and what it obeys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presend.errors import BadAnswer, Unreachable
from presend.retry import Budget, Clock, Deadline, Policy, Retryable, call, retry_after

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.at, sleep=self.sleep, now=lambda: NOW, random=lambda: 0.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1.0),
        ("0.5", 0.5),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("-3", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_reads_every_form_of_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_doubles_its_waits_and_gives_up_with_the_cause() -> None:
    time = FakeTime()

    def attempt() -> None:
        raise Retryable(BadAnswer("odd"))

    with pytest.raises(BadAnswer, match="odd"):
        call(attempt, what="it", deadline=Deadline(1000, time.clock()), policy=Policy(attempts=4))

    assert time.slept == [0.5, 1.0, 2.0]


def test_waits_as_long_as_it_is_told() -> None:
    time, answers = FakeTime(), iter([Retryable(Unreachable("slow"), wait=7.0), None])

    def attempt() -> str:
        error = next(answers)
        if error:
            raise error
        return "there"

    assert call(attempt, what="it", deadline=Deadline(1000, time.clock())) == "there"
    assert time.slept == [7.0]


@pytest.mark.parametrize("asked", [91.0, 21600.0])
def test_does_not_wait_for_an_absurd_retry_after(asked: float) -> None:
    time = FakeTime()

    def attempt() -> None:
        raise Retryable(Unreachable("busy"), wait=asked)

    with pytest.raises(Unreachable, match="busy"):
        call(attempt, what="it", deadline=Deadline(100000, time.clock()))

    assert time.slept == []


def test_never_sleeps_past_the_deadline() -> None:
    time = FakeTime()

    def attempt() -> None:
        time.at += 1
        raise Retryable(Unreachable("busy"), wait=5.0)

    with pytest.raises(Unreachable):
        call(attempt, what="it", deadline=Deadline(8, time.clock()), policy=Policy(attempts=50))

    assert time.at <= 8


def test_a_bug_is_not_retried() -> None:
    calls = []

    def attempt() -> None:
        calls.append(1)
        raise KeyError("bug")

    with pytest.raises(KeyError):
        call(attempt, what="it", deadline=Deadline(10, FakeTime().clock()))

    assert calls == [1]


def test_an_expired_deadline_asks_nothing() -> None:
    time = FakeTime()
    deadline = Deadline(5, time.clock())
    time.at = 6

    with pytest.raises(Unreachable, match="deadline of 5 s"):
        call(lambda: pytest.fail("asked all the same"), what="it", deadline=deadline)


def test_a_budget_spaces_its_requests() -> None:
    time = FakeTime()
    budget, deadline = Budget(4, per_second=2.0, clock=time.clock()), Deadline(100, time.clock())

    for _ in range(3):
        with budget.spend(deadline, "it"):
            pass

    assert time.slept == [0.5, 0.5]
