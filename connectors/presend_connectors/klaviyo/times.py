"""Klaviyo's times as moments and as cells, and when a schedule can first reach anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from presend.model import Gap, Strategy

EARLIEST_ZONE = timedelta(hours=14)
"""UTC+14 reaches a wall-clock time first."""

STOP_BEFORE = timedelta(minutes=20)
"""Klaviyo takes a message back while more than 15 minutes remain [help 4411545074203]; five more for our own calls."""

STRATEGIES: Mapping[str, Strategy] = {
    "static": Strategy.STATIC,
    "content_variation": Strategy.STATIC,
    "local_timezone": Strategy.LOCAL_TIME,
    "content_variation_local_timezone": Strategy.LOCAL_TIME,
    "throttled": Strategy.THROTTLED,
    "variation_per_second_throttled": Strategy.THROTTLED,
    "send_time_optimization": Strategy.SMART,
    "personalized_send_time_optimization": Strategy.SMART,
    "ab_send_time_test": Strategy.SMART,
}
"""`send_options.send_strategy` of revision 2026-10-15; any other word is kept as Strategy.UNKNOWN."""

UNTIMED = Gap("Klaviyo states no send time")


def moment(text: Any) -> datetime | None:
    """An aware time, in UTC; None for what is no time. A time without an offset is UTC, as Klaviyo documents."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def stamp(at: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SSZ`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_text(text: Any) -> str | None:
    """A time as `YYYY-MM-DDTHH:MM:SSZ`, or None for what is no time."""
    if isinstance(text, str) and len(text) == 25 and text.endswith("+00:00") and text[10] == "T":
        return f"{text[:19]}Z"
    found = moment(text)
    return stamp(found) if found else None


def stated(options: Mapping[str, Any]) -> datetime | Gap:
    """The time that a message states: its own, else the earliest of its variations'."""
    own = moment(options.get("send_time"))
    if own is not None:
        return own
    times = options.get("send_times")
    found = [at for each in (times.values() if isinstance(times, dict) else []) if (at := moment(each))]
    return min(found) if found else UNTIMED


def first_delivery(options: Mapping[str, Any], zone: str | None) -> datetime | Gap:
    """The earliest moment at which anybody can get the message.

    Local-time and smart sends follow each recipient's clock and begin where the date line lets the day begin,
    14 hours before UTC. Whether `send_time` writes the wall time as UTC or converts it from the account's zone is
    not documented: the earlier reading counts.
    """
    word = options.get("send_strategy")
    strategy = STRATEGIES.get(word, Strategy.UNKNOWN) if isinstance(word, str) else Strategy.UNKNOWN
    at = stated(options)
    if isinstance(at, Gap):
        return at
    match strategy:
        case Strategy.UNKNOWN:
            return Gap(f"presend does not know Klaviyo's send strategy {str(word)!r}, so not when it begins")
        case Strategy.LOCAL_TIME | Strategy.SMART:
            return at + min(offset(zone, at), timedelta(0)) - EARLIEST_ZONE
        case _:
            return at


@lru_cache(maxsize=4096)
def zone_name(text: str | None) -> str | None:
    """The name of a zone that exists, or None: profiles hold what anybody sent."""
    try:
        return ZoneInfo(text).key if text else None
    except (KeyError, ValueError, OSError):
        return None


def offset(zone: str | None, at: datetime) -> timedelta:
    """How far a zone is ahead of UTC; twelve hours behind, the most there is, when the zone is not known."""
    try:
        found = at.astimezone(ZoneInfo(zone)).utcoffset() if zone else None
    except (KeyError, ValueError, OSError):
        found = None
    return timedelta(hours=-12) if found is None else found
