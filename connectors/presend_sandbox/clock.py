"""The sandbox's own time: worlds say when things happen relative to it, and tests move it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

_RELATIVE = re.compile(
    r"^(?P<sign>[+-])"
    r"(?:(?P<weeks>\d+)w)?(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?"
    r"(?:@(?P<at>\d{2}:\d{2}))?$"
)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


@lru_cache(maxsize=4096)
def span(text: str) -> timedelta:
    """The length of time that `text` names, such as "3h", "-3d12h" or "+2w"; else ValueError."""
    found = _RELATIVE.match(text if text[:1] in "+-" else f"+{text}")
    parts = {unit: int(found[unit]) for unit in _UNITS if found[unit]} if found else {}
    if found is None or found["at"] or not parts:
        raise ValueError(f"{text!r} is not a length of time; write for example '3h' or '-3d12h'")
    length = timedelta(**parts)
    return -length if found["sign"] == "-" else length


def _standing_still() -> timedelta:
    return timedelta(0)


class Clock:
    """Aware UTC time that stands still unless advanced, or runs along with `elapsed`."""

    def __init__(self, start: datetime, elapsed: Callable[[], timedelta] = _standing_still) -> None:
        if start.tzinfo is None:
            raise ValueError("the sandbox's clock needs a start with an offset")
        self.start = start.astimezone(UTC)
        self._elapsed = elapsed
        self._advanced = timedelta(0)

    def now(self) -> datetime:
        """The sandbox's present moment, in UTC."""
        return self.start + self._advanced + self._elapsed()

    def advance(self, by: timedelta) -> None:
        """Move the present moment; relative times already resolved do not move with it."""
        self._advanced += by

    def resolve(self, when: str | date) -> datetime:
        """The UTC moment of "+26h", "-3d12h", "+1d@09:00" (that day, that UTC wall time), "now" or ISO 8601.

        Relative times count from the clock's start, so that a world means the same at any later moment.
        Raises ValueError for anything else.
        """
        if isinstance(when, datetime):
            return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        if isinstance(when, date):
            return datetime.combine(when, time(0), UTC)
        if when == "now":
            return self.start
        if when[:1] in ("+", "-"):
            length, _, wall = when.partition("@")
            moment = self.start + span(length)
            return datetime.combine(moment.date(), time.fromisoformat(wall), UTC) if wall else moment
        moment = datetime.fromisoformat(when)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
