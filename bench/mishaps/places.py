"""Where the readers of an account live, and the hours at which its letters are scheduled to reach them by day."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONES = {
    "GB": ("Europe/London",),
    "DE": ("Europe/Berlin",),
    "FR": ("Europe/Paris",),
    "NL": ("Europe/Amsterdam",),
    "IT": ("Europe/Rome",),
    "ES": ("Europe/Madrid",),
    "PL": ("Europe/Warsaw",),
    "NO": ("Europe/Oslo",),
    "NG": ("Africa/Lagos",),
    "US": ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    "JP": ("Asia/Tokyo",),
    "NZ": ("Pacific/Auckland",),
    "BR": ("America/Sao_Paulo", "America/Fortaleza", "America/Manaus"),
}
"""The zones of each country's people."""

FIRST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day begins: sends in the readers' own time start there."""


@dataclass(frozen=True, slots=True)
class Home:
    """What part of the world an account writes to."""

    zone: str
    """The account's own zone."""
    countries: tuple[str, ...]
    hours: tuple[int, int]
    """Hours of the account's clock at which it is day for all its readers, and none of them has another date."""
    wide: bool = False
    """All over the world: there is no such hour, so that letters go in the readers' own time."""

    def draw(self, rng: random.Random) -> tuple[str, str]:
        """Country and zone of one reader; most are where the account is."""
        country = self.countries[0] if not self.wide and rng.random() < 0.6 else rng.choice(self.countries)
        return country, rng.choice(ZONES[country])


CHANGES = (
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
)
"""When the clocks of North America and of Europe change in 2026, the first zone of each."""

EUROPE = ("GB", "DE", "FR", "NL", "IT", "ES", "PL", "NO")
HOMES = (
    Home("Europe/London", EUROPE, (8, 18)),
    Home("Europe/Berlin", ("DE", *EUROPE), (9, 19)),
    Home("Europe/Warsaw", ("PL", "DE", "NL", "NG"), (9, 19)),
    Home("America/New_York", ("US",), (11, 20)),
    Home("America/Sao_Paulo", ("BR",), (9, 20)),
    Home("Asia/Tokyo", ("JP",), (8, 20)),
    Home("Europe/Amsterdam", tuple(ZONES), (8, 20), wide=True),
    Home("America/Los_Angeles", tuple(ZONES), (8, 20), wide=True),
)
SHARES = (5, 4, 1, 5, 1, 1, 1, 1)
"""How many accounts have which home."""


def home(rng: random.Random) -> Home:
    """Where an account is."""
    return rng.choices(HOMES, SHARES)[0]


def wall(zone: str, day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a zone's clock, in UTC."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def begins(stated: datetime, zone: str) -> datetime:
    """When a send in the readers' own time starts: its hour as the account's clock has it, in the first zone."""
    return stated.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC) - FIRST_ZONE


def arrival(stated: datetime, zone: str, reader: str) -> datetime:
    """When a send in the readers' own time reaches the reader's zone, in UTC."""
    return stated.astimezone(ZoneInfo(zone)).replace(tzinfo=ZoneInfo(reader)).astimezone(UTC)


def by_day(rng: random.Random, now: datetime, where: Home, *, own_time: bool) -> datetime:
    """The next send by day that is at least an hour off, on a quarter of an hour, as platforms want it."""
    first, last = where.hours
    hour, minute = rng.randrange(first, last), rng.choice((0, 15, 30, 45))
    day = now.astimezone(ZoneInfo(where.zone)).date()
    while True:
        stated = wall(where.zone, day, hour, minute)
        if (begins(stated, where.zone) if own_time else stated) >= now + timedelta(hours=1):
            return stated
        day += timedelta(days=1)
