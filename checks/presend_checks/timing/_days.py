"""Words for a day in the copy: today, tomorrow, a weekday, a date, and what they are bound to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from presend_checks._lexicon import any_of, entries, rows

_NEAR = 60
"""Characters beside a word for a day in which a date may stand."""
_JOIN = re.compile(
    r"(?:(?:['’]s|[ \t]+is)[ \t]+the[ \t]+day\b)?[ \t]*(?P<bracket>\()?[ \t]*"
    r"(?:[,:]|(?P<dash>[–—-]))?[ \t]*"
    r"(?P<copula>(?:(?:which|that|it)(?:[ \t]+|['’]))?(?:is|s|being|will[ \t]+be)[ \t]+(?:already[ \t]+)?)?"
    r"(?:(?:on|an?|the|this|den|le|el)[ \t]+){0,2}",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[ \t]*(?:[.,;:!?)\n–—]|-[ \t]|$|(?:at|from|um|à|and|so|but|which|when|because|again|already|morning|afternoon|"
    r"evening|night)\b|\d)",
    re.IGNORECASE,
)
_DASH = re.compile(r"[ \t]*[–—-]")
"""Behind a weekday that stands between two dashes; one dash is a span of days, as in "today – Friday"."""
_SUPPOSED = re.compile(
    r"\b(?:if|when|whenever|unless|until|till|imagine|pretend|suppose|wish|whether|not)[ \t]+(?:[\w'’]+[ \t]+)?$",
    re.IGNORECASE,
)
"""Before what is not said to be so: "when it is Friday today"."""
_SHUT = re.compile(r"[ \t]*(?:[.,;:!?)\n]|$)")
_ASKED = re.compile(
    r"\b(?:order|buy|book|shop|reply|register|call|act|start|until|till|by|from|between|through|since)\W+$",
    re.IGNORECASE,
)
"""Before a day: a weekday behind it is another day, as in "order today, Friday at your door"."""
_CLOCK = re.compile(
    r"[ \t,]*(?:at|from|um|à|a las|alle|by)[ \t]+(?:\d{1,2}(?:[:.]\d\d)?|noon|midnight|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve)\b|[ \t,]+\d{1,2}(?:[:.]\d\d)?[ \t]?(?:[ap]\.?m\b|uhr\b)",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"(?:\b(?:of|better|brighter|for a)[ \t]+(?:a[ \t]+)?|\b(?:available|here|like)[ \t]+)$", re.IGNORECASE
)
"""Before a day that is no day: "the garden of tomorrow"."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word for a day, as it stands in a copy, and which day it is said to be."""

    start: int
    end: int
    word: str
    offset: int
    """Days from the day of reading on which it is."""
    weekday: int | None = None
    when: tuple[int | None, int, int] | None = None
    """Year, month and day."""

    def fits(self, reading: date) -> bool:
        """Whether it is true for somebody who reads it on a day."""
        meant = reading + timedelta(days=self.offset)
        if self.when is not None:
            # Where weekday and date contradict each other the date counts; the contradiction is not told here.
            year, month, day = self.when
            return (meant.month, meant.day) == (month, day) and year in (None, meant.year)
        return self.weekday is None or meant.weekday() == self.weekday


def explicit(text: str) -> Iterator[Said]:
    """Words for a day with a weekday or a date right beside them: "tomorrow, Friday 27 November"."""
    for found in _day().finditer(text):
        said = _ahead(text, found) or _behind(text, found) or _named(text, found)
        if said is not None:
            yield said


def _named(text: str, found: re.Match[str]) -> Said | None:
    """The weekday first, as what the day is: "it is Friday today"."""
    start = max(0, found.start() - _NEAR)
    named = _it_is().search(text[start : found.start()])
    if named is None or _SUPPOSED.search(text[: start + named.start()][-24:]):
        return None
    weekday = _table("weekdays")[_folded(named[1])]
    return Said(start + named.start(), found.end(), found[0], _days(found[0]), weekday)


def _ahead(text: str, found: re.Match[str]) -> Said | None:
    after = text[found.end() : found.end() + _NEAR].partition("\n")[0]
    join = _JOIN.match(after)
    rest = after[join.end() :] if join else after
    weekday, when, length = _when(rest)
    if length == 0:
        return None
    if when is None:
        if join is not None and join["dash"] and not _DASH.match(rest, length):
            return None
        before = text[max(0, found.start() - 24) : found.start()]
        beside = (join is not None and (join["bracket"] or join["copula"])) or _beside(rest, length)
        if not _TAIL.match(rest, length) or _SUPPOSED.search(before) or (_ASKED.search(before) and not beside):
            return None
    end = found.end() + len(after) - len(rest) + length
    return Said(found.start(), end, found[0], _days(found[0]), weekday, when)


def _beside(rest: str, length: int) -> bool:
    """Whether a weekday stands between commas as another word for the day: "from tomorrow, Friday, we deliver"."""
    comma = re.compile(r"[ \t]*,[ \t]*").match(rest, length)
    return comma is not None and _weekday().match(rest, comma.end()) is None


def _behind(text: str, found: re.Match[str]) -> Said | None:
    """The date first: "on Friday 27 November (tomorrow)"."""
    before = text[max(0, found.start() - _NEAR) : found.start()].rpartition("\n")[2]
    opened = re.search(r"[ \t]*(\(|,)[ \t]*$", before)
    if opened is None or not _SHUT.match(text, found.end()):
        return None
    head = before[: opened.start()]
    for one in _start().finditer(head):
        weekday, when, length = _when(head[one.start() :])
        if length and one.start() + length == len(head) and (when is not None or opened[1] == "("):
            start = found.start() - len(before) + one.start()
            return Said(start, found.end(), found[0], _days(found[0]), weekday, when)
    return None


def _when(text: str) -> tuple[int | None, tuple[int | None, int, int] | None, int]:
    """The weekday and the date with which a text begins, and how long they are; 0 where it begins with neither."""
    weekday, at = None, 0
    if (name := _weekday().match(text)) is not None:
        weekday, at = _table("weekdays")[_folded(name[1])], name.end(1)
        gap = re.compile(r",?[ \t]+(?:(?:the|den|le|el)[ \t]+)?", re.IGNORECASE).match(text, at)
    else:
        gap = re.compile("").match(text)
    found = _date().match(text, gap.end()) if gap else None
    if found is None:
        return weekday, None, at
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return weekday, (year, month, day), found.end()
    month = _table("months")[_folded(found["before"] or found["behind"])]
    stated = int(found["year"]) if found["year"] else None
    return weekday, (stated, month, int(found["number"] or found["after"])), found.end()


def bound(text: str) -> Iterator[Said]:
    """Words for a day that something happens on: "ends tonight", "tomorrow at ten"."""
    for found in _day().finditer(text):
        before = text[max(0, found.start() - _NEAR) : found.start()].rpartition("\n")[2]
        after = text[found.end() : found.end() + _NEAR].partition("\n")[0]
        if _LOOSE.search(before):
            continue
        if _CLOCK.match(after) or _cue_before().search(before) or _cue_after().match(after):
            yield Said(*found.span(), found[0], _days(found[0]))


def greetings(text: str) -> Iterator[Said]:
    """A greeting of a weekday: "Happy Friday!", "It's Friday!"."""
    for found in _greeting().finditer(text):
        name = found[1] or found[2]
        yield Said(*found.span(), name, 0, _table("weekdays")[_folded(name)])


def _days(word: str) -> int:
    return _table("days")[_folded(word)]


# -- patterns


@cache
def _table(name: str) -> dict[str, int]:
    """The entries of a lexicon with their numbers."""
    return {_folded(word): int(number) for word, number in rows("timing", name, "|")}


def _folded(word: str) -> str:
    return " ".join(word.replace("’", "'").split()).casefold()


def _any(words: Iterable[str]) -> str:
    return any_of(words, blanks=r"[ \t]+")


@cache
def _cue() -> str:
    return _any(entries("timing", "bound"))


@cache
def _day() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_any(_table('days'))}(?![\w-]|['’]s\b(?! the day\b))", re.IGNORECASE)


@cache
def _weekday() -> re.Pattern[str]:
    return re.compile(rf"({_any(_table('weekdays'))})\b(?!['’]s\b)", re.IGNORECASE)


@cache
def _date() -> re.Pattern[str]:
    months = _any(_table("months"))
    return re.compile(
        r"(?P<iso>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b"
        rf"|(?:(?P<number>[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?[ \t]+(?:of[ \t]+|de[ \t]+)?(?P<before>{months})\b"
        rf"|(?P<behind>{months})\.?[ \t]+(?P<after>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d:]))"
        r"(?:[.,]?[ \t]+(?P<year>20\d\d)\b)?",
        re.IGNORECASE,
    )


@cache
def _start() -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?=\w)")


@cache
def _cue_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_cue()}(?:[ \t,]+[\w'’%]+){{0,2}}[ \t,:–—-]+$", re.IGNORECASE)


@cache
def _cue_after() -> re.Pattern[str]:
    return re.compile(rf"(?:[ \t,]+[\w'’%]+){{0,2}}[ \t,:–—-]+{_cue()}(?![\w-])", re.IGNORECASE)


@cache
def _it_is() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:it|this)(?:[ \t]+is|['’]s)[ \t]+(?:(?:a|already|finally)[ \t]+)?({_any(_table('weekdays'))})[ \t]+$",
        re.IGNORECASE,
    )


@cache
def _greeting() -> re.Pattern[str]:
    day = f"({_any(_table('weekdays'))})"
    return re.compile(
        rf"\bhappy[ \t]+{day}\b(?!['’\w-])"
        rf"|(?:^|(?<=[.!?][ \t]))(?:it(?:[ \t]+is|['’]s)|finally)[ \t]+{day}[ \t]*(?=!|\n|$)",
        re.IGNORECASE | re.MULTILINE,
    )
