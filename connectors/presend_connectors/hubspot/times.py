"""HubSpot's times and zones, read and written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

FIRST_ZONE = timedelta(hours=14)
"""How far the first zone of the day is ahead of UTC: where a local-time send begins."""
LAST_ZONE = timedelta(hours=12)


def moment(text: str | int | None) -> datetime | None:
    """A time in UTC: ISO 8601, or milliseconds since 1970 (HubSpot writes both). None for what is no time."""
    if text is None or text == "":
        return None
    try:
        if isinstance(text, int) or text.lstrip("-").isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        read = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


@lru_cache(maxsize=65536)
def stamp(text: str | int | None) -> str | None:
    """A time as the cell of a fact: `"2026-11-23T09:00:00Z"` with its quotes, or None."""
    read = moment(text)
    return f'"{read:%Y-%m-%dT%H:%M:%SZ}"' if read else None


def written(at: datetime) -> str:
    """A moment as HubSpot writes it: milliseconds and Z."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None where there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local_begins(publish_date: datetime, account_zone: str) -> datetime:
    """The earliest delivery of a local-time send: the stated wall time where the day comes first, at UTC+14.

    Whether HubSpot takes the wall time in the account's zone or in UTC is not documented, so the earlier counts;
    where the zone is not known, the earliest that any zone allows.
    """
    where = zone(account_zone)
    if where is None:
        return publish_date - LAST_ZONE - FIRST_ZONE
    wall = publish_date.astimezone(where).replace(tzinfo=UTC)
    return min(wall, publish_date) - FIRST_ZONE


@cache
def _internal_zones() -> dict[str, str]:
    return {name.lower().replace("/", "_slash_"): name for name in available_timezones()}


@lru_cache(maxsize=4096)
def contact_zone(value: str) -> str | None:
    """The IANA name of a value of hs_timezone: `america_slash_new_york` is America/New_York. None for no zone."""
    found = _internal_zones().get(value.strip().lower().replace("/", "_slash_"))
    return found if found and "/" in found else None
