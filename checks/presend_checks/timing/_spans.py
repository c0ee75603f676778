"""Days that are counted from the day of reading, or of its week: "in two days, on Sunday", "next week, on 5 May"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice

from presend_checks._lexicon import any_of
from presend_checks._sparing import Sparing
from presend_checks.timing._days import MOST, TAIL, Said, listed, offset
from presend_checks.timing._named import named_at, naming, weekday

_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_NOT = re.compile(
    r"\b(?:with|not|every|within|arrives?|delivered|ships?|shipped|dispatched|back|was|were|ago|if|when|"
    r"last|from|than|or|"
    r"learn\w*|built|made|done)[ \t]+(?:\w+[ \t]+){0,2}$",
    re.IGNORECASE,
)
"""Before days that are counted from another one, or only how long something takes."""
_JOIN = re.compile(
    r"[ \t]*(?:\(|[,:–—][ \t]*(?:that(?:['’]s|[ \t]+is)[ \t]+)?|[ \t](?=on\b))[ \t]*(?:on[ \t]+)?(?:the[ \t]+)?",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th)?[ \t]*(?:and|&|[-–/])[ \t]*)?", re.IGNORECASE)
"""The first of two days of a month: "24 and" 25 October."""


def counted(text: str) -> Iterator[Said]:
    """Days that are counted in days or weeks, with a weekday or a date right behind them or before."""
    yield from _days_left(text)
    yield from _nth(text)
    for found in islice(_counted().finditer(text), MOST):
        if _NOT.search(text, max(0, found.start() - 40), found.start()):
            continue
        join = _JOIN.match(text, found.end())
        if join is None:
            continue
        at = join.end()
        many = (found["many"] or found["more"] or "").casefold()
        if not many:
            first = _FIRST.match(text, at)
            at = first.end() if first else at
        named = named_at(text, at)
        if named is None or listed(text, end := at + named.length) or not TAIL.match(text, end):
            continue
        if many:
            yield Said(found.start(), end, found[0], _NUMBERS.get(many) or int(many), named)
        elif named.when is not None:
            yield Said(found.start(), end, found[0], 0, named, _WEEKS[" ".join(found["week"].casefold().split())])


def _days_left(text: str) -> Iterator[Said]:
    """Days that are a day away: "one more sleep until Friday", "only a day to go! Friday", "Friday is a day away"."""
    for found in islice(_almost().finditer(text), MOST):
        name = found["name"] or found["here"]
        yield Said(*found.span(), name, 1, weekday(name), _soon)
    for found in islice(_away().finditer(text), MOST):
        name = next(filter(None, found.groups()))
        yield Said(*found.span(), name, 1, weekday(name))


def stated(text: str) -> Iterator[Said]:
    """What day it is, in short: "Tomorrow's Saturday, so sleep in", "since tomorrow's a Friday, we shut early"."""
    for found in islice(_short().finditer(text), MOST):
        named = named_at(text, found.end())
        if named is None or listed(text, end := found.end() + named.length):
            continue
        if (_CAUSES if found["since"] else _CLOSED).match(text, end):
            yield Said(found.start("word"), end, found["word"], offset(found["word"]), named)


_CLOSED = re.compile(
    r"[ \t]*(?:[.!:\n]|[,–—][ \t]*(?:so|and|but|which)\b|$|and\b)", re.IGNORECASE
)


_CAUSES = re.compile(r",|[ \t]+and[ \t]+(?:the|our|we|it|your)\b", re.IGNORECASE)


def _nth(text: str) -> Iterator[Said]:
    """Which one it is of its kind: "today is the last Friday of the sale"."""
    for found in _one_of().finditer(text):
        word, day = found["word"] or found["that"], found["day"] or found["waited"]
        yield Said(*found.span(), word, offset(word), weekday(day))
    for found in _festive().finditer(text):
        word, day = found["word"], found["day"]
        if not found["of"].casefold().startswith(("black", "cyber")):
            yield Said(*found.span(), word, offset(word), weekday(day))


def _soon(day: date) -> Iterator[date]:
    """What it almost is: tomorrow, or the day after."""
    yield from (day + timedelta(days=1), day + timedelta(days=2))


def _weekend(day: date) -> Iterator[date]:
    """This weekend, from Friday to Monday; on a Sunday or a Monday it may be the one that ends or the next."""
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    for off in (-1, 0, 1, 2, *((-8, -7, -6, -5) if day.weekday() in (6, 0) else ())):
        yield saturday + timedelta(days=off)


def _next_week(day: date) -> Iterator[date]:
    """Next week, from Sunday to Sunday; on a Sunday it may have begun."""
    monday = day + timedelta(days=7 - day.weekday())
    for off in range(-1, 14 if day.weekday() == 6 else 7):
        yield monday + timedelta(days=off)


_WEEKS: dict[str, Callable[[date], Iterator[date]]] = {"this weekend": _weekend, "next week": _next_week}


@cache
def _counted() -> re.Pattern[str]:
    many = rf"(?:{any_of(_NUMBERS)}|[2-6])"
    return re.compile(
        rf"(?<![\w-])(?:in[ \t]+(?P<many>{many})[ \t]+days(?:['’][ \t]+time)?|"
        rf"(?P<more>{many})[ \t]+days[ \t]+from[ \t]+(?:now|today)|"
        r"(?P<week>this[ \t]+weekend|next[ \t]+week))(?![\w-])",
        re.IGNORECASE,
    )


_DAY_LEFT = (
    r"[ \t]+(?:more[ \t]+|single[ \t]+|last[ \t]+)?(?:sleep|day|night)"
    r"(?:[ \t]+(?:more|left|remains|remaining|to[ \t]+go))?"
)


@cache
def _away() -> Sparing:
    day = r"(<weekdays>)\b"
    return naming(
        rf"\b(?:(?:(?:just|only|with)[ \t]+(?:one|1|a)|one|1){_DAY_LEFT}|(?:just|only)[ \t]+24[ \t]+hours)"
        r"(?:,?[ \t]+(?:until|till|['’]til|before|to|and[ \t]+(?:then[ \t]+)?(?:it(?:['’]s|[ \t]+is))|"
        r"then[ \t]+(?:it(?:['’]s|[ \t]+is))?)"
        rf"|(?<=to go)[ \t]*[.!:–—])[ \t]+{day}"
        rf"|\bwith[ \t]+{day}[ \t]+(?:only[ \t]+)?tomorrow\b(?!['’])"
        rf"|\b{day}[ \t]+(?:(?:is|now)[ \t]+)?(?:just|only)[ \t]+(?:an?|one|1)[ \t]+(?:day|sleep|night)"
        r"[ \t]+(?:away|off)\b"
        rf"|\b(?:ready|set|excited|all[ \t]+set)[ \t]+for[ \t]+{day}[ \t]*\?"
        r"[ \t]+(?:it|that)(?:['’]s|[ \t]+is)[ \t]+(?:already[ \t]+)?tomorrow\b(?!['’])",
    )


@cache
def _almost() -> Sparing:
    return naming(
        r"\b(?:it(?:['’]s|[ \t]+is)|happy)[ \t]+(?:almost|nearly)[ \t-]+"
        r"(?P<name><weekdays>)\b(?=[ \t]*(?:[.!,–—\n]|$))"
        r"|(?:^|(?<=[.!?][ \t]))(?P<here><weekdays>)[ \t]+is[ \t]+(?:almost|nearly)[ \t]+"
        r"(?:upon[ \t]+us|here)\b",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _one_of() -> Sparing:
    return naming(
        r"\b(?P<word>today|tomorrow)(?:['’]s|[ \t]+(?:is|marks))[ \t]+(?:the|our|your)[ \t]+(?:very[ \t]+)?"
        r"(?:first|second|third|fourth|last|final|only)[ \t]+"
        r"(?P<day><weekdays>)\b(?=[ \t]+(?:of|in|before|after|since|with|on|at)\b|[ \t]*[.,!;:])"
        r"|\b(?P<that>today|tomorrow)(?:['’]s|[ \t]+is)[ \t]+the[ \t]+(?P<waited><weekdays>)[ \t]+"
        r"(?:you|we)(?:['’]ve|[ \t]+have)\b",
    )


@cache
def _festive() -> Sparing:
    """A day of a name: "today is Super Saver Tuesday", "tomorrow is all-you-can-eat Friday"."""
    return naming(
        r"\b(?P<word>(?i:today|tomorrow))(?:['’]s|[ \t]+is)[ \t]+(?P<of>(?:[A-Z][\w-]+[ \t]+){1,2}|[\w]+-[\w-]+[ \t]+)"
        r"(?P<day>(?i:<weekdays>))\b(?=[ \t]+(?:at|in|on|for)\b|[ \t]*[.,!;:–—]|$)",
        re.MULTILINE,
    )


@cache
def _short() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|(?<=[.!?][ \t])|(?P<since>\b(?:since|because)[ \t]+))(?P<word>today|tomorrow)['’]s"
        r"[ \t]+(?:an?[ \t]+|already[ \t]+)?(?=[^\W_])",
        re.IGNORECASE | re.MULTILINE,
    )
