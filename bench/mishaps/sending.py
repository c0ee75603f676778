"""Moves the send of a draft, and tells when each reader gets it by their own clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.mishaps.labels import Ids
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT
from bench.mishaps.places import ZONES, arrival, begins, wall
from bench.mishaps.planting import Unfit, take
from presend.audience.schema import fact
from presend.model import Strategy

NIGHT_FROM, NIGHT_UNTIL = 22, 7
"""Hours of the reader's clock (documented options of TIM001)."""


def claim_schedule(draft: Draft) -> None:
    """Only this fault moves the send. Raises Unfit where something in the letter goes by the time as it is."""
    if draft.closed or draft.planted or draft.blackouts.dark or "schedule" in draft.spoilt | draft.crowd.taken:
        raise Unfit
    draft.spoilt.add("schedule")


def at_once(draft: Draft, stated: datetime, strategy: Strategy = Strategy.STATIC) -> None:
    """Send to everybody at one moment."""
    draft.strategy, draft.stated, draft.send_at = strategy, stated, stated


def own_time(draft: Draft, stated: datetime) -> None:
    """Send to everybody when their own clocks show what the account's shows at that moment."""
    draft.strategy, draft.stated = Strategy.LOCAL_TIME, stated
    draft.send_at = begins(stated, draft.home.zone)


def zones(draft: Draft) -> list[str]:
    """The zone of every reader, now known for all of them."""
    blank = [ABSENT] * len(draft.crowd.ids)
    held = draft.crowd.columns.get(fact("timezone"), blank)
    places = draft.crowd.columns[fact("country")]
    known = [
        zone if isinstance(zone, str) else draft.rng.choice(ZONES.get(str(country), (draft.home.zone,)))
        for zone, country in zip(held, places, strict=True)
    ]
    draft.crowd.columns[fact("timezone")] = list(known)
    return known


def resettle(draft: Draft, share: float, country: str, zone: str) -> None:
    """Let a share of the readers live elsewhere."""
    zones(draft)
    rows = draft.crowd.pick(draft.rng, share)
    draft.crowd.put(fact("country"), rows, country)
    draft.crowd.put(fact("timezone"), rows, zone)
    for name in (fact("region"), fact("postcode")):
        if name in draft.crowd.columns:
            draft.crowd.put(name, rows, ABSENT)


def arrivals(draft: Draft) -> list[datetime]:
    """When each reader gets it, by their own clock; for sends at one moment and in the readers' own time."""
    stated = draft.stated or draft.send_at
    return [
        (arrival(stated, draft.home.zone, zone) if draft.strategy is Strategy.LOCAL_TIME else draft.send_at).astimezone(
            ZoneInfo(zone)
        )
        for zone in zones(draft)
    ]


def dark(moment: datetime) -> bool:
    """Whether a reader's clock shows an hour of the night."""
    return moment.hour >= NIGHT_FROM or moment.hour < NIGHT_UNTIL


def whose(draft: Draft, which: Callable[[datetime], bool]) -> Ids:
    """Who gets it at such a moment."""
    return draft.crowd.names(row for row, moment in enumerate(arrivals(draft)) if which(moment))


def next_day(draft: Draft, hours: float = 1) -> date:
    """A date of the account's zone on which every hour is still to come."""
    return (draft.now + timedelta(hours=hours)).astimezone(ZoneInfo(draft.home.zone)).date() + timedelta(days=1)


def by_home_clock(draft: Draft, first: int, last: int) -> datetime:
    """Tomorrow, at a quarter of one of the hours of the account's clock."""
    minute = draft.rng.choice((0, 15, 30, 45))
    return wall(draft.home.zone, next_day(draft), draft.rng.randrange(first, last), minute)


def put(draft: Draft, text: str, subjects: float = 0.4) -> None:
    """Say it in the subject, or in the letter."""
    if draft.rng.random() < subjects and take(draft, "subject"):
        draft.subject = text
    else:
        draft.say(text.replace("&", "&amp;"), text)
