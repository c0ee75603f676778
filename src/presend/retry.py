"""One retry policy for every platform: bounded in tries and in time, obedient to Retry-After, careful with writes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import tenacity

from presend.errors import PlatformError, Unreachable

T = TypeVar("T")


class Retryable(Exception):
    """An attempt that may be repeated: `cause` is the error to show when no further attempt is made."""

    def __init__(self, cause: PlatformError, *, wait: float | None = None) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.wait = wait
        """Seconds that the platform asked for, or None for the policy's own back-off."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time comes from; tests give their own."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    random: Callable[[], float] = field(default=random.random)


class Deadline:
    """The moment by which everything asked of one account in one run must have come back."""

    def __init__(self, seconds: float, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.seconds = seconds
        self._end = self.clock.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._end - self.clock.monotonic())

    def check(self, what: str) -> None:
        """Raise Unreachable when the time is up."""
        if self.remaining() <= 0:
            raise Unreachable(
                f"the deadline of {self.seconds:g} s for this account passed before {what} had come back",
                help="Raise PRESEND_DEADLINE, or select fewer campaigns.",
            )


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds in a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3); None if unreadable."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now.timestamp())


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how patiently to try again."""

    attempts: int = 5
    first_wait: float = 0.5
    """Seconds before the second attempt; doubles each time, with up to half as much again at random."""
    longest_wait: float = 20.0
    longest_asked: float = 90.0
    """A Retry-After longer than this is not waited for."""


def call(attempt: Callable[[], T], *, what: str, deadline: Deadline, policy: Policy | None = None) -> T:
    """Run `attempt` until it returns, raises anything but `Retryable`, or tries or time run out.

    Raises the `cause` of the last `Retryable`, or Unreachable when the deadline passes.
    """
    rules = policy or Policy()
    clock = deadline.clock

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Retryable) and error.wait is not None:
            return error.wait
        base = min(rules.longest_wait, rules.first_wait * 2.0 ** (state.attempt_number - 1))
        return base * (1.0 + 0.5 * clock.random())

    def stop(state: tenacity.RetryCallState) -> bool:
        pause = state.upcoming_sleep
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Retryable) else None
        too_long = asked is not None and asked > rules.longest_asked
        return state.attempt_number >= rules.attempts or too_long or pause >= deadline.remaining()

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Retryable), wait=wait, stop=stop, sleep=clock.sleep, reraise=True
    )

    def once() -> T:
        deadline.check(what)
        return attempt()

    try:
        return retrying(once)
    except Retryable as error:
        raise error.cause from error


class Budget:
    """How hard one account may be asked: so many requests at a time, and so many a second."""

    def __init__(self, concurrent: int, per_second: float, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._slots = threading.BoundedSemaphore(concurrent)
        self._lock = threading.Lock()
        self._interval = 1.0 / per_second
        self._next = 0.0

    @contextmanager
    def spend(self, deadline: Deadline, what: str) -> Iterator[None]:
        """Wait for a slot and a turn, then hold the slot. Raises Unreachable when the deadline passes first."""
        if not self._slots.acquire(timeout=max(0.001, deadline.remaining())):
            deadline.check(what)
        try:
            with self._lock:
                now = self._clock.monotonic()
                turn = max(now, self._next)
                self._next = turn + self._interval
            if turn > now:
                self._clock.sleep(min(turn - now, deadline.remaining()))
            deadline.check(what)
            yield
        finally:
            self._slots.release()
