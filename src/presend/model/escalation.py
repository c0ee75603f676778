"""How pressing a matter is that waits for a person, by the time that is left to stop the send."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum


class Level(IntEnum):
    """The marks before the last moment to stop; each is told once, and a higher one is more pressing."""

    DAY = 1
    HOURS = 2
    HOUR = 3

    @property
    def left(self) -> timedelta:
        """From how long before the last moment on it holds."""
        return _LEFT[self]


_LEFT = {Level.DAY: timedelta(hours=24), Level.HOURS: timedelta(hours=4), Level.HOUR: timedelta(hours=1)}


def escalation(deadline: datetime, now: datetime) -> Level | None:
    """The level at this moment; None while more than 24 hours are left, and once nothing can be stopped any more."""
    left = deadline - now
    if left <= timedelta():
        return None
    return max((level for level in Level if left <= level.left), default=None)
