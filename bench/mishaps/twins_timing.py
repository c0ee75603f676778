"""Hard negatives of TIM001 to TIM005: hours and days that look wrong where one forgets whose clock it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from bench.mishaps.letters import Draft
from bench.mishaps.phrases_hours import QUIET
from bench.mishaps.places import begins, wall
from bench.mishaps.sending import at_once, next_day, own_time, put, resettle
from bench.mishaps.wrong_days import day_name, today_or_tomorrow
from presend.model import Platform, Strategy


def _free(draft: Draft) -> bool:
    """Whether the send may be moved, or relied on; from now on nothing else may move it."""
    # A closed letter has become an automation, say, which goes on any day.
    if draft.closed or draft.blackouts.dark or "schedule" in draft.crowd.taken | draft.spoilt:
        return False
    draft.crowd.taken.add("schedule")
    return True


def _right_day(draft: Draft) -> bool:
    """Today or tomorrow under its own name, the same for all readers."""
    # A throttled send takes hours, and may go on past midnight.
    if draft.strategy is Strategy.THROTTLED or not _free(draft):
        return False
    phrases, ahead = today_or_tomorrow(draft)
    here = (draft.stated or draft.send_at).astimezone(ZoneInfo(draft.home.zone))
    put(draft, draft.phrase(phrases).format(day=day_name(here, ahead)))
    return True


def _days_of_no_date(draft: Draft) -> bool:
    """Weekdays and todays that say nothing of the day of arrival."""
    put(draft, draft.phrase(QUIET), 0.2)
    return True


def _edge_of_day(draft: Draft) -> bool:
    """Late in the evening or early in the morning, by everybody's own clock, but not at night."""
    if not _free(draft):
        return False
    hour, minute = draft.rng.choice(((21, 30), (21, 45), (7, 15), (7, 30)))
    own_time(draft, wall(draft.home.zone, next_day(draft, 20), hour, minute))
    return True


def _overseas_in_own_time(draft: Draft) -> bool:
    """Readers on the other side of the world, who get it by day because it goes by their clocks."""
    if draft.home.wide or not _free(draft):
        return False
    own_time(draft, wall(draft.home.zone, next_day(draft, 20), draft.rng.randrange(9, 19)))
    place = ("US", "America/Los_Angeles") if draft.home.zone == "Asia/Tokyo" else ("JP", "Asia/Tokyo")
    resettle(draft, draft.rng.uniform(0.1, 0.4), *place)
    return True


def _smart(draft: Draft) -> bool:
    """A day without an hour: the platform picks one for each reader."""
    if draft.platform is not Platform.KLAVIYO or not _free(draft):
        return False
    stated = wall(draft.home.zone, next_day(draft, 20), 0)
    if begins(stated, draft.home.zone) - draft.now < timedelta(minutes=45):
        return False
    draft.strategy, draft.stated, draft.send_at = Strategy.SMART, stated, begins(stated, draft.home.zone)
    return True


def _soon(draft: Draft) -> bool:
    """Within the hour, and still to be stopped."""
    soon = draft.now + timedelta(minutes=draft.rng.uniform(45, 58))
    first, last = draft.home.hours
    if draft.home.wide or not first <= soon.astimezone(ZoneInfo(draft.home.zone)).hour < last or not _free(draft):
        return False
    at_once(draft, soon)
    return True


TRICKS: tuple[Callable[[Draft], bool], ...] = (
    _right_day,
    _days_of_no_date,
    _edge_of_day,
    _overseas_in_own_time,
    _smart,
    _soon,
)
"""What looks like a fault of timing and is none; each says whether it could stand in the letter."""
