"""Dates as mails write them, with and without a weekday and a year."""

from __future__ import annotations

import random
from datetime import date, timedelta

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENDINGS = {1: "st", 21: "st", 31: "st", 2: "nd", 22: "nd", 3: "rd", 23: "rd"}

PLAIN = (
    "{d} {month}",
    "{month} {d}",
    "{d} {month} {y}",
    "{month} {d}, {y}",
    "{month} {dth}",
    "{dth} {month}",
    "the {dth} of {month}",
    "{y}-{m:02d}-{d:02d}",
    "{d} {mon} {y}",
    "{mon} {d}",
    "{month} {dth}, {y}",
    "{d} {mon}",
)
"""Without a weekday."""

WITH_DAY = (
    "{day}, {month} {d}",
    "{day} {d} {month}",
    "{day}, {d} {month} {y}",
    "{day} {month} {dth}",
    "{day}, {month} {d}, {y}",
    "{day}, {dth} {month}",
    "{short} {d} {mon}",
    "{day} the {dth} of {month}",
    "{short}, {mon} {d}",
    "{day} {d} {mon} {y}",
    "{day} ({d} {month})",
    "{day}, {month} {dth}, {y}",
)


def write(when: date, form: str, *, off: int = 0) -> str:
    """The date in a form; with `off`, under the weekday so many days later."""
    day = _DAYS[(when.weekday() + off) % 7]
    month = _MONTHS[when.month - 1]
    return form.format(
        d=when.day,
        dth=f"{when.day}{_ENDINGS.get(when.day, 'th')}",
        m=when.month,
        month=month,
        mon=month[:3],
        y=when.year,
        day=day,
        short=day[:3],
    )


def around(rng: random.Random, day: date, least: int, most: int) -> date:
    """A day so many days after another; before it where the numbers are negative."""
    return day + timedelta(days=rng.randint(least, most))
