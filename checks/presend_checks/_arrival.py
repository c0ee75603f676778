"""When a mail reaches its recipients by their own clock: worked out once per distinct zone; shared by the families."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from presend.mail import Mail
from presend.model import Gap, Platform, Schedule, Severity, Strategy
from presend.reading import EVERYONE, NOBODY, Who

AT_ONCE = (Strategy.STATIC, Strategy.IMMEDIATE)
SPREAD = (Strategy.THROTTLED, Strategy.BATCHED)
"""Begins at the stated time and goes on for as long as the platform takes."""
AT_ANY_MOMENT = (Strategy.IMMEDIATE, Strategy.RECURRING)
"""Where no time is stated, it may go now."""
LASTS = timedelta(hours=24)
"""For how long a send that the platform spreads, or times for each person, may go on."""
FAR = (timezone(timedelta(hours=-12)), timezone(timedelta(hours=14)))
"""The ends of the world: what holds in both holds where nobody knows the zone."""
FEW = 0.02
"""A share of people below which something is only worth knowing."""

_WALL_IN_ACCOUNT_ZONE = (Platform.MAILCHIMP,)
"""Platforms that say that the hour of a send by local time is the one of the account's clock. Of the others it is not
documented whether it may be the hour in UTC."""


@dataclass(frozen=True, slots=True)
class Zone:
    """One time zone, and the recipients in it."""

    name: str
    info: ZoneInfo
    cells: tuple[str, ...]
    """How the fact writes it."""
    count: int


@dataclass(frozen=True, slots=True)
class Zones:
    """The recipients by zone."""

    zones: tuple[Zone, ...]
    known: int
    """How many there are in all zones; of the others no zone is known, or one that does not exist."""
    size: int

    @property
    def unknown(self) -> int:
        """How many have no zone."""
        return self.size - self.known


_ZONES: WeakKeyDictionary[object, Zones] = WeakKeyDictionary()
"""By audience."""


def zones_of(mail: Mail) -> Zones:
    """The zones of the recipients, most people first; found once for all the checks that ask."""
    if mail.audience not in _ZONES:
        _ZONES[mail.audience] = _zones_of(mail)
    return _ZONES[mail.audience]


def _zones_of(mail: Mail) -> Zones:
    found: dict[str, list[tuple[str, int]]] = {}
    if mail.has_fact("timezone"):
        for value, cell, count in mail.values(mail.fact("timezone")):
            if isinstance(value, str) and zone(value) is not None:
                found.setdefault(value.strip(), []).append((cell, count))
    zones = []
    for name, cells in found.items():
        info = zone(name)
        if info is not None:
            zones.append(Zone(name, info, tuple(c for c, _n in cells), sum(n for _c, n in cells)))
    zones.sort(key=lambda one: (-one.count, one.name))
    return Zones(tuple(zones), sum(one.count for one in zones), mail.audience.size)


@lru_cache(maxsize=2048)
def zone(name: str | None) -> ZoneInfo | None:
    """The zone of an IANA name; None for what is none."""
    try:
        return ZoneInfo(name.strip()) if name and name.strip() else None
    except (KeyError, ValueError, OSError):
        return None


def people_in(mail: Mail, zones: list[Zone] | tuple[Zone, ...]) -> Who:
    """The recipients in some zones."""
    cells = [cell for one in zones for cell in one.cells]
    return mail.with_values(mail.fact("timezone"), cells) if cells else NOBODY


def nowhere(mail: Mail, zones: Zones) -> Who:
    """The recipients of whom no zone is known."""
    return ~people_in(mail, zones.zones) if zones.zones else EVERYONE


# -- moments


def wall_times(mail: Mail) -> tuple[datetime, ...]:
    """The hours by which a send by local time may go, without a zone, the likeliest first; () where none is known."""
    schedule = mail.schedule
    return _walls(mail, schedule) if schedule.strategy is Strategy.LOCAL_TIME else ()


def _walls(mail: Mail, schedule: Schedule) -> tuple[datetime, ...]:
    """What people's clocks may show when it goes, the likeliest first; () where none is known."""
    account, stated = zone(schedule.zone), schedule.stated
    if isinstance(stated, Gap) or account is None:
        return ()
    own = stated.astimezone(account).replace(tzinfo=None)
    utc = stated.astimezone(UTC).replace(tzinfo=None)
    return (own,) if mail.platform in _WALL_IN_ACCOUNT_ZONE or own == utc else (own, utc)


def local_arrivals(mail: Mail, zones: Zones) -> Iterator[tuple[Zone, tuple[datetime, ...]]]:
    """When it arrives in each zone, by that zone's clock; several where it is not sure. Nothing where nobody knows."""
    walls = wall_times(mail)
    for one in zones.zones:
        if walls:
            yield one, tuple(wall.replace(tzinfo=one.info) for wall in walls)
        elif (begins := begins_at(mail)) is not None:
            yield one, (begins.astimezone(one.info),)


def begins_at(mail: Mail) -> datetime | None:
    """When a send that does not follow people's clocks begins; None for the others, and where no time is stated."""
    schedule = mail.schedule
    if schedule.strategy not in (*AT_ONCE, *SPREAD) or isinstance(schedule.send_at, Gap):
        return None
    return mail.send_at


Days = tuple[date, date]
"""The first and the last day on which it may arrive."""


def days_in(mail: Mail, zones: Sequence[ZoneInfo]) -> Days | None:
    """The days of arrival in any of some zones, all over the world for none; None where nobody says when it goes."""
    schedule = mail.schedule
    if schedule.strategy in (Strategy.LOCAL_TIME, Strategy.SMART):
        return _days_by_wall(mail, schedule)
    if isinstance(schedule.send_at, Gap):
        moments = [mail.now] if schedule.strategy in AT_ANY_MOMENT else []
    elif schedule.strategy is Strategy.UNKNOWN or schedule.strategy in SPREAD:
        moments = [mail.send_at, mail.send_at + LASTS]
    else:
        moments = [mail.send_at]
    found = [at.astimezone(one).date() for at in moments for one in (zones or FAR)]
    return (min(found), max(found)) if found else None


def _days_by_wall(mail: Mail, schedule: Schedule) -> Days | None:
    """A send by people's clocks keeps to the stated day; one that finds each person's best hour may end the day after.

    Where the account's clock is not known either, the day may be any that it is somewhere at the stated moment.
    """
    if isinstance(schedule.stated, Gap):
        return None
    walls = _walls(mail, schedule)
    found = [wall.date() for wall in walls] or [schedule.stated.astimezone(one).date() for one in FAR]
    return min(found), max(found) + (LASTS if schedule.strategy is Strategy.SMART else timedelta(0))


def day_by_zone(mail: Mail) -> Callable[[ZoneInfo], date | None]:
    """A function that gives the day on which it begins to arrive, by the clock of a zone; None where it is not sure."""
    if walls := wall_times(mail):
        days = {wall.date() for wall in walls}
        one = days.pop() if len(days) == 1 else None
        return lambda _where: one
    begins = begins_at(mail)
    return lambda where: None if begins is None else _day(begins, where)


@lru_cache(maxsize=1 << 16)
def _day(moment: datetime, where: ZoneInfo) -> date:
    return moment.astimezone(where).date()


def day_in(mail: Mail, where: ZoneInfo) -> date | None:
    """The day on which it begins to arrive, by the clock of a zone; None where that is not sure."""
    return day_by_zone(mail)(where)


def clock(mail: Mail) -> str:
    """`09:00 Europe/Berlin`, by the account's own clock, or `09:00 local time`; empty where it is not known."""
    if walls := wall_times(mail):
        return f"{walls[0]:%H:%M} local time"
    begins, home = begins_at(mail), zone(mail.schedule.zone)
    return "" if begins is None else f"{begins.astimezone(home or UTC):%H:%M} {home or 'UTC'}"


def is_night(at: datetime, begins: int, ends: int) -> bool:
    """Whether a clock shows an hour of the night, which may or may not go over midnight."""
    return begins <= at.hour < ends if begins <= ends else at.hour >= begins or at.hour < ends


def is_skipped(at: datetime) -> bool:
    """Whether clocks go over this hour, so that it does not exist on that day."""
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None)


def is_twice(at: datetime) -> bool:
    """Whether clocks go back over this hour, so that it comes twice on that day."""
    return not is_skipped(at) and at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


# -- words


def by_share(part: int, whole: int, much: float, loud: Severity = Severity.MEDIUM) -> Severity:
    """How bad it is, by how many it concerns: loud for much, low for less, information for a few."""
    if not whole or part / whole >= much:
        return loud
    return Severity.LOW if part / whole >= FEW else Severity.INFO


def named(zones: list[Zone] | tuple[Zone, ...], most: int = 3) -> str:
    """`most of them in Europe/London (40), Australia/Melbourne (20), Asia/Tokyo (3) and 2 more zones`."""
    shown = ", ".join(f"{one.name} ({one.count})" for one in zones[:most])
    rest = len(zones) - most
    if rest <= 0:
        return f"all in {shown}"
    return f"most of them in {shown} and {rest} more zone{'s' if rest > 1 else ''}"


GRACE = timedelta(minutes=10)
"""Before anything is called past."""
