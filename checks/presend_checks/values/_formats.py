"""In which ways a date, a phone number, a country or a state can be written: pure, one value at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from presend_checks._countries import aliases, countries, native, written
from presend_checks.values._lexicons import lines

Formats = frozenset[str]
"""The ways that a value may be written in: none where it is of another kind, several where nobody can tell."""

NONE: Formats = frozenset()
MONTHS_OF = ("en", "de", "fr", "es", "it", "nl", "pt")
"""Languages whose names of months are known."""
DAYS = "a spreadsheet's number of days"
"""45,000 is a day of 2023 to a spreadsheet; by itself it may be anything."""
SECONDS = "seconds or thousandths of them since 1970"
BARE = frozenset({DAYS, SECONDS, "eight digits"})
"""Ways that are ways of writing a date only beside one that nobody can take for a number."""
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?P<time>[T ]\d\d:\d\d.*)?")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})")
_DAY_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?([^\W\d_]+)\.?,?\s+(?:de\s+)?(\d{4})")
_WORD_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_DASHED = re.compile(r"(\d{1,2})([-/.])([^\W\d_]+)\.?\2(\d{4}|\d\d)|(\d{4})([-/.])([^\W\d_]+)\6(\d{1,2})")
_DASHED_WORD = re.compile(r"([^\W\d_]+)([-/.])(\d{1,2})\2(\d{4}|\d\d)")
_PHONE = re.compile(r"[+(\d][\d\s().\-/\u00a0\u2011]*")
PHONE_NAME = re.compile(
    r"(?:.* )?(?:(?:tele)?phone|tel|mobile|cell ?phone|handy|fax)(?: ?(?:number|no|nr))?(?: ?\d)?", re.IGNORECASE
)
"""Names of fields that hold phone numbers, whose ever."""


# -- dates


def date_formats(text: str) -> Formats:
    """How a date is written; 03/04/2026 may be day or month first, and no more is said of it."""
    if found := _ISO.fullmatch(text):
        name = "year-month-day and time" if found["time"] else "year-month-day"
        return _if(_is_day(found[1], found[2], found[3]), name)
    if found := _YEAR_FIRST.fullmatch(text):
        return _if(_is_day(found[1], found[3], found[4]), found[2].join(("year", "month", "day")))
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        return _if(_is_day(text[:4], text[4:6], text[6:]), "eight digits")
    if re.fullmatch(r"[2-6]\d{4}(?:\.\d+)?", text):
        return frozenset({DAYS})
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return frozenset({SECONDS})
    if found := _NUMERIC.fullmatch(text):
        return _numeric(found[1], found[2], found[3], found[4])
    if found := _DAY_WORD.fullmatch(text):
        return _if(_is_day(found[3], _month(found[2]), found[1]), "day, month in words, year")
    if found := _WORD_DAY.fullmatch(text):
        return _if(_is_day(found[3], _month(found[1]), found[2]), "month in words, day, year")
    return _dashed(text)


def _dashed(text: str) -> Formats:
    """16-Mar-26, Mar-16-2026, 2026-Mar-16: a month's name between signs."""
    if (found := _DASHED.fullmatch(text)) and found[1]:
        ways = ("day", "month's name", "year")
        return _if(_is_day(_whole(found[4]), _month(found[3]), found[1]), found[2].join(ways))
    if found:
        return _if(_is_day(found[5], _month(found[7]), found[8]), found[6].join(("year", "month's name", "day")))
    if found := _DASHED_WORD.fullmatch(text):
        ways = ("month's name", "day", "year")
        return _if(_is_day(_whole(found[4]), _month(found[1]), found[3]), found[2].join(ways))
    return NONE


def _whole(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _numeric(first: str, sign: str, second: str, year: str) -> Formats:
    year = _whole(year)
    day_first = _if(_is_day(year, second, first), sign.join(("day", "month", "year")))
    if sign == ".":
        return day_first  # nobody writes the month first with full stops
    return day_first | _if(_is_day(year, first, second), sign.join(("month", "day", "year")))


def _if(is_it: bool, name: str) -> Formats:
    return frozenset({name}) if is_it else NONE


def _is_day(year: str, month: str | int, day: str) -> bool:
    try:
        return 1900 <= date(int(year), int(month), int(day)).year <= 2100
    except ValueError:
        return False


def _month(word: str) -> int:
    return _months().get(word.casefold(), 0)


@cache
def _months() -> Mapping[str, int]:
    # Here and below, not above: together they take a tenth of a second that most runs need not spend.
    from babel.dates import get_month_names

    found: dict[str, int] = {}
    for language in MONTHS_OF:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                found.setdefault(str(name).rstrip(".").casefold(), int(number))
    return found


@cache
def day_names() -> frozenset[str]:
    """Names of months and of days of the week, whole and short, and the words for today and tomorrow in English."""
    from babel.dates import get_day_names

    days = {
        str(name).rstrip(".").casefold()
        for language in MONTHS_OF
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, locale=language).values()
    }
    return frozenset(days | _months().keys() | {"sept", "tues", "thur", "thurs", "today", "tomorrow"})


# -- phone numbers


def phone_formats(text: str) -> Formats:
    """Whether a phone number is written for calls from abroad, within a country with which signs, or as digits alone.

    Numbers from abroad are grouped as their countries do, so that spaces say nothing there; an area code's 0 does.
    """
    digits = re.sub(r"\D", "", text)
    if not _PHONE.fullmatch(text) or not 7 <= len(digits) <= 15:
        return NONE
    if "+" in text or text.startswith("00"):
        inner = "(0)" in text
        digits = digits.removeprefix("00")
        return _if(_of_a_country(digits), "international with (0)" if inner else "international (+ or 00)")
    if text == digits:
        return frozenset({"digits only"})
    sign = next((name for sign, name in _SIGNS if sign in text), "spaces")
    return frozenset({f"national, with {sign}"})


_SIGNS = (("(", "brackets"), (".", "full stops"), ("/", "strokes"), ("-", "hyphens"), ("\u2011", "hyphens"))
"""Signs that national numbers are grouped by, the most telling first."""


def _of_a_country(digits: str) -> bool:
    """Whether a country's code stands in front; how long its numbers are is not asked, since people mistype them."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return any(int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE for length in (1, 2, 3))


# -- places


def country_formats(text: str) -> Formats:
    """Whether a country is written as a code, in English or in its own language."""
    if re.fullmatch(r"[A-Za-z]{2}", text) and text.upper() in countries():
        return frozenset({"two-letter codes"})
    if re.fullmatch(r"[A-Z]{3}", text) and text in aliases():
        return frozenset({"three-letter codes"})
    if (held := written().get(text.casefold())) is not None:
        return frozenset({"abbreviations" if held[1] == "short" else "English names"})
    has_letters = any(c.isalpha() for c in text)
    return _if(has_letters and text.casefold() in native(), "names in the country's language")


def state_formats(text: str) -> Formats:
    """Whether a state of the US or a province of Canada is written as its code or by its name."""
    known = _subdivisions()
    if text.upper() in known:
        return frozenset({"codes"})
    return _if(text.casefold() in known.values(), "names")


@cache
def _subdivisions() -> Mapping[str, str]:
    """Names without case by code."""
    entries = (line.partition(" | ") for line in lines("subdivisions"))
    return {code: name.casefold() for code, _, name in entries}
