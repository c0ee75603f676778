"""Words for a day in the copy: today, tomorrow, a weekday, a date, and what they are bound to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice

from presend_checks._lexicon import entries
from presend_checks.timing._named import FINE, Named, any_word, folded, named_at, table, weekdays

MOST = 2000
"""Words of one kind that are looked at in one part; a mail that says them more often has said it."""
_NEAR = 60
"""Characters beside a word for a day in which a date may stand."""
HOUR = r"(?:\d{1,2}(?:[:.]\d\d)?|noon|midnight|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
_AT_HOUR = rf"(?:at|from|by|until|till)[ \t]+{HOUR}(?:[ \t]?[ap]\.?m\b\.?)?"
_SAME_AS = (
    r"(?:in[ \t]+other[ \t]+words|that[ \t]+is[ \t]+to[ \t]+say|i\.e\.|meaning|namely|aka|also[ \t]+known[ \t]+as)"
    r"[,:]?[ \t]+"
)
"""Between two words for one day."""
_JOIN = re.compile(
    r"(?:(?:['’]s|[ \t]+is)[ \t]+the[ \t]+(?:big[ \t]+)?(?:day|night)\b)?(?P<only>[ \t]+only\b)?"
    rf"(?P<hour>,?[ \t]+{_AT_HOUR})?[ \t]*(?P<bracket>\()?[ \t]*(?:(?P<comma>[,:|•·])|(?P<dash>[–—-]))?[ \t]*"
    r"(?P<copula>(?:(?:which|that|it)(?:[ \t]+|['’]))?(?:is|was|s|being|will[ \t]+be)[ \t]+(?:already[ \t]+)?"
    rf"|{_SAME_AS}|(?:yes|yep|yup|that['’]s[ \t]+right)[,:]?[ \t]+)?"
    rf"(?:(?:on|an?|the|this|our|your|den|le|el)[ \t]+){{0,2}}(?:{FINE}(?:[ \t]+and[ \t]+{FINE})?[ \t]+)?",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"[ \t]*(?:[.,;:!?)|\n–—]|-[ \t]|$|(?:at|from|um|à|and|so|but|which|when|because|again|already|like|"
    r"unlike|we|morning|afternoon|evening|night)\b|\d)",
    re.IGNORECASE,
)
_SAT = re.compile(r"(?:sat|sun)(?=\.?[,)])", re.IGNORECASE)
"""Short forms that are words too are weekdays alone in a bracket."""
_DASH = re.compile(r"[ \t]*[–—-]")
"""Behind a weekday that stands between two dashes; one dash is a span of days, as in "today – Friday"."""
SUPPOSED = re.compile(
    r"(?:\b(?:if|when|whenever|unless|until(?! midnight| noon)|till(?! midnight| noon)|imagine|imagining|"
    r"picture this|pretend|suppose|wish|whether|like|"
    r"(?<!to )say|once|next time|every time|by the time)\b[:,]?[ \t]+(?:it[ \t]+is[ \t]+|[\w'’]+[ \t]+)?|"
    r"\b(?:not|imagine[ \t]+this:)[ \t]+)$",
    re.IGNORECASE,
)
"""Before what is not said to be so: "when it is Friday today"."""
_SHUT = re.compile(r"[ \t]*(?:[.,;:!?)|\n–—]|-[ \t]|$)")
ASKED = re.compile(
    r"\b(?:order|buy|book|shop|reply|register|call|act|start|until|till|by|from|between|through|since)\W+$",
    re.IGNORECASE,
)
"""Before a day: a weekday behind it is another day, as in "order today, Friday at your door"."""
_ASKED_FOR = re.compile(
    r"\b(?:order|buy|book|shop|reply|register|reserve|sign up|get|choose|pick)(?:[ \t]+[\w'’-]+){1,3}[ \t]+$",
    re.IGNORECASE,
)
"""Before a day with a colon behind it: "book your slot today: Friday at nine"."""
_UP_TO = re.compile(r"\b(?:until|till)[ \t]+$", re.IGNORECASE)
"""Right before a day it ends something on that day; further off it supposes: "until it is Friday today"."""
_LIMIT = re.compile(r"\b(?:by|until|till)\W+$", re.IGNORECASE)
_GIVEN = re.compile(r"(?!Man\b|Ruby\b|Sheffield\b|Joe\b|Mr\b|Mrs\b|Ms\b)[A-Z][\w-]+[ \t]+(?=[A-Z])")
"""The rest of the name of a day: "Giving" Tuesday."""
_CLOCK = re.compile(
    rf"[ \t,]*(?:at|from|um|à|a las|alle|by)[ \t]+{HOUR}|[ \t,]+\d{{1,2}}(?:[:.]\d\d)?[ \t]?(?:[ap]\.?m\b|uhr\b)",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"(?:\b(?:of|from|better|brighter|for a)[ \t]+(?:a[ \t]+)?|\b(?:available|here|like)[ \t]+)$", re.IGNORECASE
)
"""Before a day that is no day: "the garden of tomorrow"."""
_DONE = re.compile(r"(?:^|[.!?:][ \t]+)(?:start|begin|open|launch|close|end)\b[^.!?\n]{0,40}$", re.IGNORECASE)
"""Before a day on which the reader is asked to do something: whenever it is read is in time."""


_MANY = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|many|some|\w+ty|\w+teen|\d+)"
_COUNTED_BEFORE = re.compile(
    rf"\b{_MANY}[ \t]+(?:(?:years?|decades?|century|centuries|months?|weeks?)(?:[ \t]+(?:ago|before|to the day),?)?"
    r"|days?[ \t]+ago,?|(?:years?|months?|weeks?|days?)[ \t]+(?:from|after|before))[ \t]+$",
    re.IGNORECASE,
)
_COUNTED_BEHIND = re.compile(
    r",?[ \t]+(?:in[ \t]+(?:1\d|20)\d\d\b|"
    rf"{_MANY}[ \t]+(?:years?|decades?|months?|weeks?)[ \t]+(?:ago|since)\b)",
    re.IGNORECASE,
)
"""Beside a day from which time is counted, back or forward: it is a day of another year, or week."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word for a day, as it stands in a copy, and which day it is said to be."""

    start: int
    end: int
    word: str
    offset: int
    """Days from the day of reading on which it is."""
    named: Named | None = None
    days: Callable[[date], Iterator[date]] | None = None
    """The days that it may be, as seen from the day of reading, where they are more than one: "next week"."""

    def fits(self, reading: date) -> bool:
        """Whether it is true for somebody who reads it on a day."""
        if self.named is None:
            return True
        return any(map(self.named.is_on, self.days(reading) if self.days else [reading + timedelta(days=self.offset)]))


def explicit(text: str) -> Iterator[Said]:
    """Words for a day with a weekday or a date right beside them: "tomorrow, Friday 27 November"."""
    for found in words_of(text):
        said = _ahead(text, found) or _behind(text, found)
        if said is not None:
            yield said


def words_of(text: str, *, owned: bool = False) -> Iterator[re.Match[str]]:
    """The words for a day, but for those in names and phrases that mean no day, and unless `owned` for "today's"."""
    phrases = _no_day().finditer(text)
    phrase = next(phrases, None)
    for found in islice((_owner if owned else _day)().finditer(text), MOST):
        while phrase is not None and phrase.end() <= found.start():
            phrase = next(phrases, None)
        if (phrase is None or found.start() < phrase.start()) and not _another_years(text, found):
            yield found


def _another_years(text: str, found: re.Match[str]) -> bool:
    """Whether the day is counted from: "ten years ago today", "today in 1859", "tomorrow a year ago"."""
    before = text[max(0, found.start() - 40) : found.start()]
    return _COUNTED_BEFORE.search(before) is not None or _COUNTED_BEHIND.match(text, found.end()) is not None


def offset(word: str) -> int:
    """How many days from the day of reading on a word means."""
    return table("days")[folded(word)]


def _ahead(text: str, found: re.Match[str]) -> Said | None:
    after = text[found.end() : found.end() + _NEAR].partition("\n")[0]
    join = _JOIN.match(after)
    at = join.end() if join else 0
    named = named_at(after, at)
    if named is None and join is not None and join["bracket"] and (short := _SAT.match(after, at)) is not None:
        named = Named(3, 5 if short[0].casefold() == "sat" else 6)
    if named is None and join is not None and (join["comma"] == "," or join["bracket"] or join["copula"]):
        # "today, Giving Tuesday, …"
        given = _GIVEN.match(after, at)
        at = given.end() if given else at
        named = named_at(after, at) if given else None
        named = named if named and _SHUT.match(after, at + named.length) else None
    if named is None or listed(after, at + named.length) or (join and "Is" in join[0]):
        return None  # a title in capitals is no day: "Tomorrow Is Sunday"
    if named.when is None:
        if join is not None and join["dash"] and not _DASH.match(after, at + named.length):
            return None
        before = text[max(0, found.start() - 40) : found.start()]
        if join is not None and join["comma"] == ":" and _ASKED_FOR.search(before):
            return None
        if not TAIL.match(after, at + named.length) or (SUPPOSED.search(before) and not _UP_TO.search(before)):
            return None
        if ASKED.search(before) and not (join and _same(before, join, after, at + named.length)):
            return None
    return Said(found.start(), found.end() + at + named.length, found[0], offset(found[0]), named)


def _same(before: str, join: re.Match[str], after: str, end: int) -> bool:
    """Whether a weekday is another word for the day even if something is asked: "register today, Friday."."""
    if join["bracket"] or join["copula"] or join["dash"]:
        return True
    if _LIMIT.search(before) and _CLOCK.match(after, end):
        return True
    shut = re.compile(r"[ \t]*(?:[.!;:–—]|,|$)").match(after, end)
    return shut is not None and (join["comma"] == "," or shut[0].strip() == ",")


def listed(text: str, end: int) -> bool:
    """Whether a day that ends there is one of several, or the first of a span: "Saturday and Sunday"."""
    more = _MORE.match(text, end)
    return more is not None and weekdays().match(text, more.end()) is not None


_MORE = re.compile(
    r"[ \t]*(?:,|and\b|or\b|&|\+|/|–|-|to\b|through\b|until\b|und\b|bis\b)[ \t]*(?:(?:and|or)[ \t]+)?",
    re.IGNORECASE,
)


def _behind(text: str, found: re.Match[str]) -> Said | None:
    """The date first: "on Friday 27 November (tomorrow)", "Friday, today, we bake"."""
    before = text[max(0, found.start() - _NEAR) : found.start()].rpartition("\n")[2]
    opened = _OPENED.search(before)
    if opened is None:
        return None
    shut = _SHUT.match(text, found.end()) is not None
    head = before[: opened.start()]
    for one in _START.finditer(head):
        named = named_at(head, one.start())
        if named is None or one.start() + named.length != len(head):
            continue
        start = found.start() - len(before) + one.start()
        first = _LEADS.search(head[: one.start()]) is not None and len(before) < _NEAR
        dated = opened["sign"] in ("(", ",") and shut and (
            named.when is not None or opened["same"] or _ON.search(head[: one.start()])
        )
        if (
            dated
            or (opened["sign"] == "(" and shut)
            or (first and (named.when is not None or (shut and opened["sign"] != ":")))
        ):
            return Said(start, found.end(), found[0], offset(found[0]), named)
    return None


_ON = re.compile(
    r"\b(?:is|are|arrives?|begins?|starts?|opens?|takes place|happens|lands|launches)[ \t]+on[ \t]+$", re.IGNORECASE
)
_OPENED = re.compile(
    rf"(?:,?[ \t]+{_AT_HOUR})?[ \t]*(?P<sign>[(,–—|:]|[ \t]-(?=[ \t]))[ \t]*"
    rf"(?P<same>{_SAME_AS}|(?:which|that)(?:['’]s|[ \t]+is)[ \t]+)?$",
    re.IGNORECASE,
)
_START = re.compile(r"(?<![\w-])(?=\w)")
_LEADS = re.compile(r"(?:^|[.!?][ \t]+)(?:(?:this|on|now|only|just|until|till|by)[ \t]+){0,2}$", re.IGNORECASE)
"""Before a day that begins a sentence."""


def bound(text: str) -> Iterator[Said]:
    """Words for a day that something happens on: "ends tonight", "tomorrow at ten"."""
    for found in words_of(text):
        if offset(found[0]) < 0:
            continue
        before = text[max(0, found.start() - _NEAR) : found.start()].rpartition("\n")[2]
        after = text[found.end() : found.end() + _NEAR].partition("\n")[0]
        if _LOOSE.search(before) or _DONE.search(before):
            continue
        if _CLOCK.match(after) or _cue_before().search(before) or _cue_after().match(after):
            yield Said(*found.span(), found[0], offset(found[0]))


# -- patterns


@cache
def event_nouns() -> re.Pattern[str]:
    """Words for what takes place at a time."""
    return re.compile(rf"(?<![\w-]){any_word(entries('timing', 'events'))}(?![\w-])", re.IGNORECASE)


@cache
def _cue() -> str:
    return any_word(entries("timing", "bound"))


@cache
def _day() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-]){any_word(table('days'))}(?![\w-]|['’]s\b(?! the (?:big )?(?:day|night)\b))",
        re.IGNORECASE,
    )


@cache
def _owner() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_word(table('days'))}(?![\w-])", re.IGNORECASE)


@cache
def _no_day() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_word(entries('timing', 'no_days'))}(?![\w-])", re.IGNORECASE)


@cache
def _cue_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_cue()}(?:[ \t,]+[\w'’%]+){{0,2}}[ \t,:–—-]+$", re.IGNORECASE)


@cache
def _cue_after() -> re.Pattern[str]:
    return re.compile(rf"(?:[ \t,]+(?!and\b|und\b)[\w'’%]+){{0,2}}[ \t,:–—-]+{_cue()}(?![\w-])", re.IGNORECASE)
