"""Mailchimp's times, read and written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_ZONE = timedelta(hours=14)
"""How far the first zone of the day is ahead of UTC: where a Timewarp send begins."""

LAST_ZONE = timedelta(hours=12)
QUARTER = timedelta(minutes=15)


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 time in UTC; None for Mailchimp's "" and for what is no time. Without an offset it is UTC."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


@lru_cache(maxsize=65536)
def stamp(text: str | None) -> str | None:
    """A time as the cell of a fact: `"2026-11-23T09:00:00Z"` with its quotes, or None."""
    read = moment(text)
    return f'"{read:%Y-%m-%dT%H:%M:%SZ}"' if read else None


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None where there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def timewarp_begins(send_time: datetime, account_zone: str) -> datetime:
    """When the first recipient of a Timewarp send gets it: the stated local hour, in UTC+14.

    Where the account's zone is not known, the earliest that any zone allows.
    """
    where = zone(account_zone)
    if where is None:
        return send_time - LAST_ZONE - FIRST_ZONE
    return send_time.astimezone(where).replace(tzinfo=UTC) - FIRST_ZONE


def next_quarter(at: datetime) -> datetime:
    """The first quarter of an hour at or after a moment: Mailchimp schedules at no other."""
    late = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at if not late else at - late + QUARTER


def written(at: datetime) -> str:
    """A moment as `schedule_time` wants it, and for people."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}"
