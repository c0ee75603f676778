"""Days named in the copy, with the year that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = (
    "jan(?:uary)?",
    "feb(?:ruary)?",
    "mar(?:ch)?",
    "apr(?:il)?",
    "may",
    "june?",
    "july?",
    "aug(?:ust)?",
    "sept?(?:ember)?",
    "oct(?:ober)?",
    "nov(?:ember)?",
    "dec(?:ember)?",
)
_WEEKDAYS = (
    "mon(?:day)?",
    "tue(?:s(?:day)?)?",
    "wed(?:nesday)?",
    "thu(?:r(?:s(?:day)?)?)?",
    "fri(?:day)?",
    "sat(?:urday)?",
    "sun(?:day)?",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)})\.?(?:,? | ?\()(?:the )?)?"
_YEAR = r"(?:,? (?P<year>(?:1[6-9]|20)\d\d)\b(?! ?(?:h|hrs|hours)\b))?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_AFTER = r"(?![\w’'%]|[.,:]\d|[-/]\w)"
# "18 to 20 November", "18-20 November": the last day counts.
_SPAN = rf"(?:\d{{1,2}}{_ORDINAL} ?(?:-|–|to|until|and|&) ?)?"
_DAY_FIRST = rf"{_WEEKDAY}{_SPAN}(?P<day>\d{{1,2}}){_ORDINAL} (?:of )?{_MONTH}\b(?:\.(?=,? 20\d\d))?{_YEAR}{_AFTER}"
_SPAN_BEHIND = rf"(?: ?(?:-|–|to) ?\d{{1,2}}{_ORDINAL})?"
_MONTH_FIRST = rf"{_WEEKDAY}{_MONTH}\.? (?P<day>\d{{1,2}}){_ORDINAL}(?P<more>{_SPAN_BEHIND}){_YEAR}{_AFTER}"
_FORMS = tuple(re.compile(rf"(?<![\w.,:/£$€-]){form}", re.IGNORECASE) for form in (_DAY_FIRST, _MONTH_FIRST))
_DIGITS = re.compile(
    rf"(?<![\w.,:/£$€-]){_WEEKDAY}(?:(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
    r"|(?P<day2>\d{1,2})\.(?P<month2>\d{1,2})\.(?P<year2>20\d\d)"
    r"|(?P<day3>1[3-9]|2\d|3[01])/(?P<month3>0?[1-9]|1[0-2])/(?P<year3>20\d\d)"
    r"|(?P<month4>0?[1-9]|1[0-2])/(?P<day4>1[3-9]|2\d|3[01])/(?P<year4>20\d\d))(?![\w/:-]|\.\d)",
    re.IGNORECASE,
)
"""Without letters only where no other country reads it otherwise."""
_MONTH_END = re.compile(rf"\b(?:end|close) of {_MONTH}\b(?:\.(?=,? 20\d\d))?{_YEAR}(?! ?\d)(?![\w’'-])", re.IGNORECASE)
_ANY_MONTH = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(_MONTHS)})(?![^\W\d_])", re.IGNORECASE)
_ROOM = 50
"""Characters around a month's name in which the rest of its date stands."""
_IN_SPAN = re.compile(r"\d ?(?:-|–|to|until|and|&) ?\d", re.IGNORECASE)

_JOINS = r"(?:,? (?:and|to|or|through|until|till) |, | ?(?:-|–|&|/) ?)"
_DAYS_BEFORE = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\.?{_JOINS}$", re.IGNORECASE)
_DAY_BEHIND = re.compile(rf"{_JOINS}(?:{_MONTH} )?\d{{1,2}}(?!\d|[:.]\d| ?(?:[ap]\.?m\b|%))", re.IGNORECASE)
"""Beside a date with a weekday: days are told first and dates after them, "Monday and Tuesday 30 November and 1 …"."""

CLEAR_DAYS = 150
"""A day without a year is taken for the one next to the send; further away nobody can tell which year is meant."""


@dataclass(frozen=True, slots=True)
class Named:
    """A day that the copy names."""

    start: int
    end: int
    day: date
    """In the year that is stated, else in the one that puts it next to the send."""
    stated: bool
    """Whether the year is stated."""
    weekday: int | None
    """The weekday that stands beside it, 0 for Monday; None where there is none, or where it belongs to a span."""


def named(text: str, sent: date) -> Iterator[Named]:
    """The days in a text that are surely days, in no order.

    With a month in letters, of this year or with a year, or in digits that nobody reads otherwise.
    """
    taken: list[tuple[int, int]] = []
    for month in _ANY_MONTH.finditer(text):
        around = max(0, month.start() - _ROOM), month.end() + _ROOM
        for found in (one for form in _FORMS for one in form.finditer(text, *around)):
            whole = found.start() <= month.start() < found.end()
            if not whole or any(a < found.end() and found.start() < b for a, b in taken[-4:]):
                continue
            one = _named(found, sent)
            if one is not None:
                taken.append(found.span())
                yield one
    for found in _DIGITS.finditer(text):
        each = [(found[f"year{n}"], found[f"month{n}"], found[f"day{n}"]) for n in ("", 2, 3, 4)]
        chosen = next((_day(int(y), int(m), int(d)) for y, m, d in each if y), None)
        if chosen is not None:
            yield Named(found.start(), found.end(), chosen, True, _weekday(found["weekday"]))


def month_ends(text: str, sent: date) -> Iterator[Named]:
    """The last days of months that a text names as such: "the end of October", of this year or with a year."""
    for found in _MONTH_END.finditer(text):
        month = _number(found["month"])
        years = [int(found["year"])] if found["year"] else [sent.year - 1, sent.year, sent.year + 1]
        each = [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for year in years]
        chosen = min(each, key=lambda one: abs((one - sent).days))
        if found["year"] or abs((chosen - sent).days) <= CLEAR_DAYS:
            yield Named(found.start("month"), found.end(), chosen, bool(found["year"]), None)


def _number(month: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if re.fullmatch(name, month, re.IGNORECASE))


def _named(found: re.Match[str], sent: date) -> Named | None:
    month = _number(found["month"])
    if found["month"] in ("may", "mar", "march"):
        return None  # "the 4 may differ"
    day = int(found["day"])
    more = found.groupdict().get("more") or ""
    last = int(re.sub(r"\D", "", more)) if more else day
    if found["year"]:
        chosen = _day(int(found["year"]), month, last)
    else:
        each = [one for n in (-1, 0, 1) if (one := _day(sent.year + n, month, last)) is not None]
        chosen = min(each, key=lambda one: abs((one - sent).days), default=None)
    if chosen is None or (not found["year"] and abs((chosen - sent).days) > CLEAR_DAYS):
        return None
    span = bool(more) or _IN_SPAN.search(found[0]) is not None or _told_apart(found)
    weekday = None if span else _weekday(found["weekday"])
    return Named(found.start(), found.end(), chosen, bool(found["year"]), weekday)


def _told_apart(found: re.Match[str]) -> bool:
    """Whether the weekday beside a date is the last of several, and the date the first of several."""
    if not found["weekday"] or _DAY_BEHIND.match(found.string, found.end()) is None:
        return False
    return _DAYS_BEFORE.search(found.string[max(0, found.start() - 20) : found.start()]) is not None


def _weekday(word: str | None) -> int | None:
    return next((n for n, name in enumerate(_WEEKDAYS) if word and re.fullmatch(name, word, re.IGNORECASE)), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
