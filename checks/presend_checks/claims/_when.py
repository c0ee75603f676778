"""How far back the time lies that a mail gives for what its reader did: "last week", "in May", "three months ago"."""

from __future__ import annotations

import re
from datetime import datetime

SLACK_DAYS = 10
"""Days by which a time may be meant more loosely than it is said; days begin elsewhere at other hours, too."""
DELIVERY_DAYS = 30
"""Days by which what was delivered at a time may have been ordered earlier."""
_SEASON_DAYS = 460
"""Reach of "last summer": it may have begun so long ago, and half a year apart on the two halves of the earth."""

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNTS |= {"nine": 9, "ten": 10, "twelve": 12, "a few": 5, "a couple of": 2, "several": 8, "some": 8}
_UNITS = {"day": 1, "week": 7, "month": 31, "year": 366}
_LAST = {"week": 14, "weekend": 14, "month": 62, "night": 2, "time": 0, "season": _SEASON_DAYS}
_SEASONS = r"spring|summer|autumn|fall|winter|christmas|easter|season"
_WHEN = re.compile(
    r"(?P<yesterday>yesterday)|(?P<lately>the other day|recently|lately)"
    r"|(?P<count>\d{1,2}|an?(?: few| couple of)?|several|some|[a-z]{3,6}) (?P<unit>day|week|month|year)s? ago"
    r"|last (?P<last>week|weekend|month|night)(?:'s)?\b"
    r"|(?P<year>last year|back in (?P<number>20\d\d)|in (?P<bare>20\d\d))"
    rf"|(?:in|last|back in|from|of|this)(?: the)? (?P<season>{_SEASONS})\b"
    rf"|(?:in|last|back in|from|of) (?P<month>{'|'.join(_MONTHS)})\b(?: (?P<of>20\d\d))?"
    r"|last (?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"|(?P<this>this|earlier this) (?P<now>week|month|year)"
    r"|over the (?:last|past) (?P<many>\w+ )?(?P<span>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"(?: (?:from|with|at|through) (?:us|our (?:\w+ )?\w+)\b)?,? ?", re.IGNORECASE)
_DELIVERED = re.compile(r"\b(?:deliver|parcel|package|shipment|arriv|came)", re.IGNORECASE)


def time_said(words: str, behind: str) -> str:
    """The time in some words, or right behind them; empty where none is said."""
    found = _WHEN.search(words)
    if found is None:
        between = _BEHIND.match(behind)
        found = _WHEN.match(behind, between.end() if between else 0)
    return found[0] if found else ""


def reach(words: str, when: str, sent: datetime) -> int | None:
    """How many days before the send the thing can have been at the earliest; None where the time does not tell."""
    found = _WHEN.fullmatch(when)
    days = None if found is None else _days(found, sent)
    if not days:
        return None
    return days + SLACK_DAYS + (DELIVERY_DAYS if _DELIVERED.search(words) else 0)


def is_lately(when: str) -> bool:
    """Whether the time that is said is one of the last weeks, however many."""
    found = _WHEN.fullmatch(when)
    return found is not None and found["lately"] is not None


def _days(found: re.Match[str], sent: datetime) -> int | None:
    said = {name: value.lower() for name, value in found.groupdict().items() if value}
    match said:
        case {"yesterday": _}:
            return 2
        case {"count": count, "unit": unit}:
            number = int(count) if count.isdigit() else _COUNTS.get(count)
            return None if number is None else (number + 1) * _UNITS[unit]
        case {"last": last}:
            return _LAST[last]
        case {"season": _}:
            return _SEASON_DAYS
        case {"month": month}:
            return _since_month(_MONTHS.index(month) + 1, int(said.get("of", 0)), sent)
        case {"weekday": _}:
            return 14
        case {"this": _, "now": now}:
            return {"week": 7, "month": 31}.get(now, sent.timetuple().tm_yday)
        case {"span": span}:
            number = _COUNTS.get(said.get("many", "one").strip())
            return None if number is None else number * _UNITS[span]
        case {"year": _}:
            year = int(said.get("number") or said.get("bare") or sent.year - 1)
            return (sent.date() - sent.date().replace(year=year, month=1, day=1)).days if year <= sent.year else None
    return None


def _since_month(month: int, year: int, sent: datetime) -> int | None:
    year = year or (sent.year if month <= sent.month else sent.year - 1)
    days = (sent.date() - sent.date().replace(year=year, month=month, day=1)).days
    return days if days >= 0 else None
