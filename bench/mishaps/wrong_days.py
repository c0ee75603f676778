"""Faults of TIM005: today and tomorrow under another name than the day has on arrival."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.phrases_days import TODAY, TOMORROW
from bench.mishaps.places import wall
from bench.mishaps.planting import Unfit
from bench.mishaps.sending import arrivals, at_once, by_home_clock, claim_schedule, next_day, put, resettle, whose

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DATED = "CLM004 is for weekdays that do not fit as well"


def day_name(moment: datetime, ahead: int = 0) -> str:
    """The weekday of a reader's clock, or of so many days later."""
    return DAYS[(moment.weekday() + ahead) % 7]


def today_or_tomorrow(draft: Draft) -> tuple[Sequence[str], int]:
    """Phrases for the day of arrival or the day after, and how many days ahead that is."""
    return (TODAY, 0) if draft.rng.random() < 0.6 else (TOMORROW, 1)


def moved(draft: Draft) -> list[Label]:
    """TIM005: the send was put off, and the copy names the day for which it was written."""
    if draft.home.wide:
        raise Unfit
    claim_schedule(draft)
    at_once(draft, by_home_clock(draft, *draft.home.hours))
    phrases, ahead = today_or_tomorrow(draft)
    right = day_name(arrivals(draft)[0], ahead)
    wrong = draft.rng.choice([name for name in DAYS if name != right])
    text = draft.phrase(phrases).format(day=wrong)
    put(draft, text)
    return [
        Label(
            "TIM005",
            draft.crowd.everyone(),
            text,
            alternatives=("CLM004",),
            why=DATED,
            fault=f"moved {'tomorrow' if ahead else 'today'}",
        )
    ]


OVERSEAS = (
    ("America/New_York", 18, "JP", "Asia/Tokyo"),
    ("America/Sao_Paulo", 20, "JP", "Asia/Tokyo"),
    ("Europe/London", 20, "NZ", "Pacific/Auckland"),
    ("Europe/Berlin", 21, "NZ", "Pacific/Auckland"),
    ("Europe/Warsaw", 21, "NZ", "Pacific/Auckland"),
    ("Asia/Tokyo", 8, "US", "America/Los_Angeles"),
)
"""Hours at which it is one day at home and another one overseas, by daylight or nearly so."""


def another_day_there(draft: Draft) -> list[Label]:
    """TIM005: the right day at home; for readers overseas it is already, or still, another."""
    fits = [row for row in OVERSEAS if row[0] == draft.home.zone]
    if not fits or draft.home.wide:
        raise Unfit
    claim_schedule(draft)
    _zone, hour, country, zone = fits[0]
    at_once(draft, wall(draft.home.zone, next_day(draft), hour, 30))
    resettle(draft, draft.rng.uniform(0.1, 0.4), country, zone)
    phrases, ahead = today_or_tomorrow(draft)
    named = day_name(draft.send_at.astimezone(ZoneInfo(draft.home.zone)), ahead)
    text = draft.phrase(phrases).format(day=named)
    put(draft, text)
    who = whose(draft, lambda moment: day_name(moment, ahead) != named)
    why = f"{DATED}; where clocks are an hour apart it is late or early for some"
    other = ("CLM004",)
    also = ("TIM001",)
    return [Label("TIM005", who, text, alternatives=other, also=also, why=why, fault="another_day_there")]
