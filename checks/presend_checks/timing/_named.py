"""Weekdays and dates in a copy: "Friday", "Fri 27 Nov", "27/11", "Friday the 27th"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from presend_checks._lexicon import any_of, rows
from presend_checks._needed import Rough, rough
from presend_checks._sparing import Sparing, sparing

SKY = (
    r"(?:soggy|rainy|sunny|gr[ae]y|snowy|chilly|cold|foggy|misty|drizzly|windy|gloomy|crisp|frosty|dreary|wet|hot|"
    r"sweltering|stormy|blustery|murky)"
)
FINE = (
    r"(?:beautiful|lovely|great|perfect|fine|gorgeous|glorious|wonderful|fantastic|special|busy|quiet|good|super|ordinary|regular|normal|typical|"
    rf"brand[ \t-]new|{SKY}(?:[ \t]+old)?)"
)
"""What a day is called besides its name."""
Date = tuple[int | None, int | None, int]
"""Year, month and day; what is not said is None."""


@dataclass(frozen=True, slots=True)
class Named:
    """A day that is named: by its weekday, by its date, or by both."""

    length: int
    weekday: int | None = None
    """Monday is 0."""
    when: Date | None = None
    swapped: Date | None = None
    """The other way to read a date in digits."""

    def is_on(self, day: date) -> bool:
        """Whether a day is the one that is named; where weekday and date contradict each other the date counts."""
        if self.when is None:
            return self.weekday is None or day.weekday() == self.weekday
        return any(_is(day, one) for one in (self.when, self.swapped) if one is not None)


def _is(day: date, when: Date) -> bool:
    year, month, number = when
    return day.day == number and month in (None, day.month) and year in (None, day.year)


def named_at(text: str, at: int = 0) -> Named | None:
    """The day that is named from an offset on."""
    weekday, end = None, at
    if (name := weekdays().match(text, at)) is not None:
        weekday, end = table("weekdays")[folded(name[1])], name.end(1)
        gap = _GAP.match(text, end)
    else:
        gap = _SHORT.match(text, at)
    found = _date().match(text, gap.end()) if gap else None
    if found is None:
        return None if weekday is None else Named(end - at, weekday)
    when, swapped = _read(found, named=weekday is not None or text.endswith("the ", 0, at))
    if when is None:
        return None if weekday is None else Named(end - at, weekday)
    return Named(found.end() - at, weekday, when, swapped)


def days_named(text: str, start: int, end: int) -> Iterator[tuple[int, Named]]:
    """Each day that is named in a stretch of a text, and where."""
    at = start
    while (found := _first().search(text, at, end)) is not None:
        named = named_at(text, found.start())
        if named is not None:
            yield found.start(), named
        at = found.start() + named.length if named is not None else found.end()


def _read(found: re.Match[str], *, named: bool) -> tuple[Date | None, Date | None]:
    stated = next((int(found[name]) for name in ("year", "slashed", "dotyear") if found[name]), None)
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return (year, month, day), None
    if found["ordinal"]:
        return (None, None, int(found["ordinal"])) if named else None, None
    if found["one"]:
        sure = named or stated is not None or "0" in (found["one"][0], found["other"][0])
        return _digits(int(found["one"]), int(found["other"]), stated, sure=sure)
    if found["dotted"]:
        return ((stated, int(found["dots"]), int(found["dotted"])) if int(found["dots"]) <= 12 else None), None
    month = table("months")[folded(found["before"] or found["behind"])]
    return (stated, month, int(found["number"] or found["after"])), None


def _digits(one: int, other: int, year: int | None, *, sure: bool) -> tuple[Date | None, Date | None]:
    """A date in digits, read both ways where both may be; 24/7, 9/10 and the like are none."""
    if not (sure or max(one, other) > 12) or (one, other) == (24, 7) or max(one, other) > 31 or not one or not other:
        return None, None
    ways: list[Date] = [(year, b, a) for a, b in ((one, other), (other, one)) if b <= 12]
    return ways[0] if ways else None, ways[1] if len(ways) > 1 else None


# -- patterns

_GAP = re.compile(r"[.,]?[ \t]+(?:(?:the|den|le|el)[ \t]+)?|[ \t]*\([ \t]*(?=\d)", re.IGNORECASE)
_SHORT = re.compile(r"(?:(?:sat|sun)\.?,?[ \t]+(?:the[ \t]+)?)?(?=[^\W_])", re.IGNORECASE)
"""Short forms that are words too are weekdays before a date only."""


@cache
def table(name: str) -> dict[str, int]:
    """The entries of a lexicon with their numbers."""
    return {folded(word): int(number) for word, number in rows("timing", name, "|")}


def weekday(name: str) -> Named:
    """The day that a weekday's name alone names."""
    return Named(len(name), table("weekdays")[folded(name)])


def folded(word: str) -> str:
    """As the keys of a table are written."""
    return " ".join(word.replace("’", "'").split()).casefold()


def any_word(words: Iterable[str]) -> str:
    """An expression for any of some words, with blanks that end no line."""
    return any_of(words, blanks=r"[ \t]+")


def naming(shape: str, flags: int = re.IGNORECASE) -> Sparing:
    """An expression in which `<weekdays>` stands for the name of any."""
    words, choices = _weekdays()
    return sparing(shape.replace("<weekdays>", words), flags, shape=shape, choices=choices)


@cache
def _weekdays() -> tuple[str, dict[str, Rough]]:
    words = any_word(table("weekdays"))
    return words, {"weekdays": rough(words)}


@cache
def weekdays() -> re.Pattern[str]:
    """A weekday's name, in the first group; not one that owns something, as in "Friday's"."""
    return re.compile(rf"({any_word(table('weekdays'))})\b(?!['’]s\b)", re.IGNORECASE)


@cache
def _date() -> re.Pattern[str]:
    months = any_word(table("months"))
    return re.compile(
        r"(?P<iso>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b"
        r"|(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?:(?P<slashed>20\d\d)|\d\d))?"
        r"(?=[ \t]*(?:[,;:!?)|–—\n]|-[ \t]|\.(?!\d)|$|(?:at|from|is|and|we|only)\b))"
        r"|(?P<dotted>\d{1,2})\.(?P<dots>\d{1,2})\.(?P<dotyear>20\d\d)?(?![\w.])"
        rf"|(?:(?P<number>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?[ \t]+(?:of[ \t]+|de[ \t]+)?(?P<before>{months})\b"
        rf"|(?P<behind>{months})\.?[ \t]+(?:the[ \t]+)?(?P<after>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d:]))"
        r"(?:[.,]?[ \t]+(?P<year>20\d\d)\b)?"
        r"|(?P<ordinal>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)(?=[ \t]*(?:[.,;:!?)|–—\n]|-[ \t]|$))",
        re.IGNORECASE,
    )


@cache
def _first() -> re.Pattern[str]:
    months = any_word(table("months"))
    return re.compile(rf"(?<![\w/.:-])(?:(?:sat|sun)\b|{any_word(table('weekdays'))}\b|{months}\b|\d)", re.IGNORECASE)
