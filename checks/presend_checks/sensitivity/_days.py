"""On which days a mail may reach somebody, by the clock of where they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from presend.mail import Mail
from presend.model import Address, Blackouts, Gap, Platform, Strategy

SPREAD = timedelta(hours=24)
"""For how long a send that the platform spreads, or times for each person, may go on."""
_FAR = (timezone(timedelta(hours=-12)), timezone(timedelta(hours=14)))
"""The ends of the world: what holds in both holds where nobody knows the zone."""

Span = tuple[date, date]
"""The first and the last day on which it may arrive."""


@lru_cache(maxsize=2048)
def zone(name: str | None) -> ZoneInfo | None:
    """The zone of an IANA name; None for what is none."""
    try:
        return ZoneInfo(name.strip()) if name and name.strip() else None
    except (KeyError, ValueError, OSError):
        return None


def days_in(mail: Mail, zones: Sequence[ZoneInfo]) -> Span | None:
    """The days of arrival in any of some zones, all over the world for none; None where nobody says when it goes."""
    schedule = mail.schedule
    if schedule.strategy in (Strategy.LOCAL_TIME, Strategy.SMART):
        return _by_wall(mail)
    if schedule.strategy in (Strategy.IMMEDIATE, Strategy.RECURRING):
        moments = [mail.now]
    elif isinstance(schedule.send_at, Gap):
        return None
    elif schedule.strategy is Strategy.STATIC:
        moments = [mail.send_at]
    else:
        moments = [mail.send_at, mail.send_at + SPREAD]
    found = [at.astimezone(one).date() for at in moments for one in (zones or _FAR)]
    return min(found), max(found)


def _by_wall(mail: Mail) -> Span | None:
    """A send by people's clocks: its day is the stated one for everybody.

    Mailchimp takes the account's clock for it; of the others it is not documented whether it may be the one of UTC.
    A send that finds each person's best hour keeps to that day, or goes over into the next.
    """
    schedule = mail.schedule
    if isinstance(schedule.stated, Gap):
        return None
    account = zone(schedule.zone)
    found = [schedule.stated.astimezone(account).date()] if account else []
    if account is None or mail.platform is not Platform.MAILCHIMP:
        found.append(schedule.stated.astimezone(UTC).date())
    last = max(found) + (SPREAD if schedule.strategy is Strategy.SMART else timedelta(0))
    return min(found), last


def zones_at(mail: Mail, blackouts: Blackouts, address: Address, own: str) -> list[ZoneInfo]:
    """The recipient's own zone, else the place's where it has but one calendar, else the account's, else none."""
    mine = zone(own)
    if mine is not None:
        return [mine]
    places = blackouts.places
    country = places.country(address)
    region = places.region(country, address.region) if country and address.region else None
    here = _known(places.zones.get(region or "") or places.zones.get(country or "", ()))
    at = None if isinstance(mail.schedule.send_at, Gap) else mail.send_at
    if here and _agree(here, at or mail.now):
        return here[:1]
    account = zone(mail.schedule.zone)
    return [account] if account else here


def _known(names: Iterable[str]) -> list[ZoneInfo]:
    return [found for name in names if (found := zone(name)) is not None]


def _agree(zones: Sequence[ZoneInfo], at: datetime) -> bool:
    return len({at.astimezone(one).date() for one in zones}) == 1
