"""By which clocks the day of a mail's arrival is told for somebody at an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from presend.mail import Mail
from presend.model import Address, Blackouts, Gap
from presend_checks._arrival import zone


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
