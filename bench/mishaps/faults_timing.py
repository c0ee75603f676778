"""Faults of TIM001 to TIM005: at night, when it is past, across a clock change, past stopping, on another day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.mishaps import twins_timing, wrong_days
from bench.mishaps.healthy import KLAVIYO_CUT_OFF
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.phrases_hours import HOURS, UNTIL
from bench.mishaps.places import CHANGES, FIRST_ZONE, HOMES, ZONES, begins, wall
from bench.mishaps.planting import Plant, Unfit, only
from bench.mishaps.sending import (
    at_once,
    by_home_clock,
    claim_schedule,
    dark,
    next_day,
    own_time,
    put,
    resettle,
    whose,
    zones,
)
from presend.audience.schema import fact
from presend.model import Campaign, Confidence, Platform


def night_at_home(draft: Draft) -> list[Label]:
    """TIM001: somebody took am for pm."""
    if draft.home.wide:
        raise Unfit
    claim_schedule(draft)
    at_once(draft, by_home_clock(draft, 2, 5))
    known = fact("timezone") in draft.crowd.columns
    if not known and draft.home.zone.startswith("Europe") and draft.rng.random() < 0.5:
        # Only the country is known, and has one zone.
        why = "no zone is written down; the countries have one zone each, but for islands"
        return [
            Label("TIM001", draft.crowd.everyone(), confidence=Confidence.MEDIUM, why=why, fault="night by country")
        ]
    return [Label("TIM001", whose(draft, dark), column=fact("timezone"), fault="night_at_home")]


def night_in_own_time(draft: Draft) -> list[Label]:
    """TIM001: in everybody's own time, at an hour of the night."""
    claim_schedule(draft)
    hour = draft.rng.choice((22, 23, 0, 1, 3, 4, 5))
    own_time(draft, wall(draft.home.zone, next_day(draft, 20), hour, 30))
    who = whose(draft, dark)
    sure, why = by_whose_clock(draft, "the clocks may change in that very night")
    column, fault = fact("timezone"), "night_in_own_time"
    return [Label("TIM001", who, also=("TIM003",), confidence=sure, why=why, column=column, fault=fault)]


def by_whose_clock(draft: Draft, why: str) -> tuple[Confidence, str]:
    """How sure one may be of hours in the readers' own time, with one more reason not to be."""
    if draft.platform is Platform.MAILCHIMP:
        return Confidence.HIGH, why
    return Confidence.MEDIUM, f"the documents do not say by which clock the platform states the time; {why}"


def night_far_away(draft: Draft) -> list[Label]:
    """TIM001: day at home, night for the readers overseas."""
    if draft.home.wide:
        raise Unfit
    claim_schedule(draft)
    at_once(draft, by_home_clock(draft, *draft.home.hours))
    far = [
        (country, zone)
        for country, there in ZONES.items()
        for zone in there
        if draft.send_at.astimezone(ZoneInfo(zone)).hour >= 23 or draft.send_at.astimezone(ZoneInfo(zone)).hour < 6
    ]
    if not far:
        draft.spoilt.discard("schedule")
        raise Unfit
    resettle(draft, draft.rng.uniform(0.15, 0.5), *draft.rng.choice(far))
    return [Label("TIM001", whose(draft, dark), column=fact("timezone"), fault="night_far_away")]


def past_hour(draft: Draft) -> list[Label]:
    """TIM002: the hour at which readers in the east should get it was over before it was scheduled."""
    only(draft, Platform.KLAVIYO, Platform.HUBSPOT)
    here = draft.now.astimezone(ZoneInfo(draft.home.zone))
    if draft.home.wide or draft.home.zone == "Asia/Tokyo" or not 7 <= here.hour <= 15:
        raise Unfit
    claim_schedule(draft)
    own_time(draft, wall(draft.home.zone, here.date(), here.hour + draft.rng.randint(2, 4), 30))
    resettle(draft, draft.rng.uniform(0.1, 0.5), "JP", "Asia/Tokyo")
    draft.edits.append(_edited_just_now)
    who = whose(draft, lambda moment: moment < draft.now - timedelta(minutes=30))
    why = (
        "the platform sends it at once or not at all, and the documents do not say how presend is to know which; "
        "it has begun in the first zones"
    )
    also = ("OPS002", "TIM001", "TIM004")
    return [Label("TIM002", who, also=also, confidence=Confidence.MEDIUM, why=why, fault="past_hour")]


def _edited_just_now(campaign: Campaign) -> Campaign:
    updated = campaign.updated_at
    return replace(campaign, updated_at=None if updated is None else updated + timedelta(hours=5, minutes=50))


def offer_past(draft: Draft) -> list[Label]:
    """TIM002: it says until when, today, and arrives hours later."""
    if draft.home.wide or "US" in draft.home.countries:
        raise Unfit
    claim_schedule(draft)
    at_once(draft, wall(draft.home.zone, next_day(draft), draft.rng.randint(16, 18), 15))
    zones(draft)
    text = draft.phrase(UNTIL).format(hour=HOURS[draft.rng.choice(sorted(HOURS))])
    put(draft, text)
    why = "the list of codes has CLM004 for offers that are over and TIM005 for words like today"
    other = ("CLM004", "TIM005")
    return [Label("TIM002", draft.crowd.everyone(), text, alternatives=other, why=why, fault="offer_past")]


def clock_change(draft: Draft) -> list[Label]:
    """TIM003: an hour that the clocks of some readers skip, or show twice, in the night before."""
    # The platform shows a moment: an hour that the account's own clock skips cannot be stated.
    there = ZoneInfo(draft.home.zone)
    hours = [
        named
        for named in _odd_hours(draft)
        if named == named.replace(tzinfo=there).astimezone(UTC).astimezone(there).replace(tzinfo=UTC)
        and named - FIRST_ZONE > draft.now + timedelta(minutes=30)
    ]
    if not hours:
        raise Unfit
    claim_schedule(draft)
    named = draft.rng.choice(hours)
    own_time(draft, named.replace(tzinfo=there).astimezone(UTC))
    who = draft.crowd.names(row for row, zone in enumerate(zones(draft)) if odd(named, zone))
    if not who:
        raise Unfit
    sure, why = by_whose_clock(draft, "the hour is one of the night, for whomever it exists")
    column, fault = fact("timezone"), "clock_change"
    # Of an hour that comes twice one is right whichever it is: worth knowing, no fault.
    twice = any(_comes_twice(named, zone) for zone in set(zones(draft)))
    return [Label("TIM003", who, also=("TIM001",), confidence=sure, why=why, column=column, fault=fault, info=twice)]


def _comes_twice(named: datetime, zone: str) -> bool:
    wall_clock = named.replace(tzinfo=ZoneInfo(zone))
    before, after = (wall_clock.replace(fold=fold).utcoffset() for fold in (0, 1))
    return before is not None and after is not None and before > after


HOME_ZONES = {home.countries: {zone for one in home.countries for zone in ZONES[one]} for home in HOMES}
"""The zones in which the readers of an account may live."""


def _odd_hours(draft: Draft) -> list[datetime]:
    """Local times of the next two days that some zone skips or has twice, as if they were UTC."""
    if not any(abs(change - draft.now) < timedelta(days=3) for change in CHANGES):
        return []
    days = {(draft.now + timedelta(hours=ahead)).date() for ahead in (0, 24, 48)}
    return [
        named
        for day in sorted(days)
        for hour in (1, 2)
        for minute in (15, 30, 45)
        for named in (datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC),)
        if any(odd(named, zone) for zone in HOME_ZONES[draft.home.countries])
    ]


def odd(named: datetime, zone: str) -> bool:
    """Whether a zone's clocks never show this, or show it twice."""
    there = ZoneInfo(zone)
    first, second = (named.replace(tzinfo=there, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def too_late(draft: Draft) -> list[Label]:
    """TIM004: Klaviyo takes no more changes in the last quarter of an hour."""
    only(draft, Platform.KLAVIYO)
    claim_schedule(draft)
    at_once(draft, draft.now + timedelta(minutes=draft.rng.uniform(3, KLAVIYO_CUT_OFF.seconds / 60 - 6)))
    why = "it goes whatever the hour"
    also = ("TIM001",)
    return [Label("TIM004", draft.crowd.everyone(), also=also, why=why, fault="too_late")]


def begun(draft: Draft) -> list[Label]:
    """TIM004: it is tomorrow's letter here, and has begun in the first zones of the day."""
    claim_schedule(draft)
    stated = draft.now + timedelta(hours=draft.rng.uniform(2, 11))
    stated = stated.replace(minute=0, second=0, microsecond=0)
    hour = stated.astimezone(ZoneInfo(draft.home.zone)).hour
    early = begins(stated, draft.home.zone) > draft.now - timedelta(minutes=30)
    if draft.home.wide or early or not 9 <= hour <= 20:
        draft.spoilt.discard("schedule")
        raise Unfit
    own_time(draft, stated)
    why = "its first moment is past while it still says scheduled, and some clocks may be past its hour"
    return [Label("TIM004", draft.crowd.everyone(), also=("OPS002", "TIM002"), why=why, fault="begun")]


PLANTS: tuple[tuple[Plant, int], ...] = (
    (night_at_home, 2),
    (night_in_own_time, 2),
    (night_far_away, 3),
    (past_hour, 8),
    (offer_past, 8),
    (clock_change, 90),
    (too_late, 6),
    (begun, 8),
    (wrong_days.moved, 6),
    (wrong_days.another_day_there, 4),
)
"""Faults with their weights: some need a platform, an hour of the day, or a week of the year that few drafts have."""

TRICKS = twins_timing.TRICKS
"""What looks like one of these faults and is none."""
