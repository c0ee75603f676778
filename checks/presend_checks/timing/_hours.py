"""The hour of today at which something begins or ends, as the copy says it: "until noon today", "today at 9 am"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from functools import cache
from typing import assert_never

from presend_checks._lexicon import entries
from presend_checks.timing._clock import ENDS, hours_in, last, limits, may_name_hours, ranged, sure, zone, zone_end
from presend_checks.timing._dated import WORD, as_today
from presend_checks.timing._days import MOST, explicit
from presend_checks.timing._named import Named, any_word, days_named
from presend_checks.timing._today_before import Before, OfToday, goes_on, is_last, is_rule, last_said
from presend_checks.timing._told import moved_to, told

_TODAY = re.compile(
    r"(?<![\w-])(?<!\bof )(?P<word>today|tonight|heute|this (?:morning|evening|"
    r"afternoon))(?P<owner>['’]s\b)?(?![\w-])",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.](?=\d|m\b|[ \t]?m\.)|(?<=[ap]\.m)[.](?![ \t]+[A-Z]))+[!?]?")
_EVENT = (
    r"(?:re)?(?:starts?|begins?|opens?|kicks?[ \t]off|go(?:es)?[ \t](?:live|on[ \t]sale)|launch(?:es)?|ends?|"
    r"clos(?:es?|ing)|"
    r"expires?|dies|finish(?:es)?|stops?|shuts?|runs[ \t]out|leaves?|departs?|meets?|happens?|takes[ \t]place|"
    r"airs|drops|"
    r"last[ \t]+(?:orders?|entry|entries|call|post|collection|bookings?|admission|pick-?up|boarding)|"
    r"runs|lasts|is|are|it['’]s|['’]s|cut-?off|deadline|doors|boarding|emptied|arrive|works|kick-?off|over|start|sharp|"
    r"live|dies|due|locks?|packs?[ \t]up|sets?[ \t]off|goes|heads?[ \t](?:off|out)|pulls[ \t]out|sails?|comes[ \t]off|"
    r"gets[ \t]under[ \t-]?way)"
)
_AT_EVENT = re.compile(rf"\b{_EVENT}(?:[ \t]+(?!and\b|but\b|or\b)[\w'’-]+){{0,4}}[ \t,:|]*$", re.IGNORECASE)
_FAR = re.compile(rf"\b{_EVENT}(?:[ \t]+(?!and\b|but\b|or\b)[\w'’-]+){{0,6}}[ \t,:|]*$", re.IGNORECASE)
_AND_WILL = re.compile(r"[^,;:.!?]{0,40}\band[ \t]+(?:will|we['’]ll|should)[^,;:.!?]{2,40}$", re.IGNORECASE)
"""Between today and an hour: "is collecting today and will reach you at ten"."""
_MEETS = re.compile(r"\b(?:join|come|drop[ \t]in|pop[ \t]in|tune[ \t]in|meet|see)\b[^,;:.!?]{0,40}$", re.IGNORECASE)
_FOR_IT = re.compile(r"[ \t]*for[ \t]+(?:an?|the|our|your|some)[ \t]+[^,;:.!?]{2,40}$", re.IGNORECASE)
_DO_IT = re.compile(
    r"[^;:.!?]{2,40},[ \t]+(?:please[ \t]+)?(?:do[ \t]+(?:it|so)|let[ \t]+us[ \t]+know|tell[ \t]+us)[ \t]*$",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"(?:[ \t]+[\w'’&-]+){1,8}[ \t]*$")
_CAN_BE = re.compile(
    r"[ \t]+(?:can|must|should|needs?[ \t]+to|has[ \t]+to|have[ \t]+to)[ \t]+(?:still[ \t]+)?be[ \t]+\w+[ \t]*$",
    re.IGNORECASE,
)
_FINAL = re.compile(r"\W*(?:final|last)[ \t]+(?:day|hours)\b", re.IGNORECASE)
_IF_YOU = re.compile(r"[ \t]+(?:if|when)[ \t]+you\b[^,;:.!?]{0,30}$", re.IGNORECASE)
_MISS = re.compile(r"(?:^|[.!?,:][ \t]+|\b(?:if[ \t]+you|don['’]t)[ \t]+)miss[ \t]+$", re.IGNORECASE)
_AND_YOU = re.compile(r",?[ \t]+and\b", re.IGNORECASE)
_CUT_OFF_IS = re.compile(
    r"[ \t]+(?:is|being)[ \t]+(?:the|our|your)[ \t]+"
    r"(?:cut-?[ \t]?off|deadline|limit|last[ \t]+call|closing[ \t]+time)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:received|arriving|placed|made|submitted|sent|ordered|posted|entered|paid|in|handed[ \t]+in|"
    r"that[ \t]+(?:come|arrive)(?:[ \t]+in)?)[ \t]+after[ \t]+$",
    re.IGNORECASE,
)
_IN_VAIN = re.compile(
    r"[ \t]*today[ \t]+(?:will[ \t]+(?:not|be[ \t]+(?:rejected|refused|returned|disqualified|void|declined))|"
    r"won['’]t|cannot|can['’]t|(?:are|is)[ \t]+not|aren['’]t|isn['’]t|miss(?:es)?)\b"
    r"(?![ \t]+(?:be[ \t]+)?(?:ship|sent|dispatch|leave|arrive|go[ \t]+out)\w*)",
    re.IGNORECASE,
)
"""Around an hour after which it is too late; what leaves a day later is not lost."""
_ASKED = re.compile(
    r"\b(?:order|buy|book|shop|reply|register|sign[ \t]up|apply|call|subscribe|join(?![ \t]us)|enrol|enroll|"
    r"reserve|renew|get|visit|"
    r"switch|phone|ring|contact)\b[^,;:.!?]{0,24}$",
    re.IGNORECASE,
)
"""Before today: what is asked for today may be at an hour of another day."""
_GAP = re.compile(
    r"[\s,:;|()–—-]*(?:(?:sharp|precisely|exactly|punkt|only|live|morning|already|but only)\b[\s,:;|()–—-]*)?\Z",
    re.IGNORECASE,
)
_FEW = re.compile(r"[ \t]+(?:[\w'’&-]+[ \t]+){0,5}\Z")
_MORE = re.compile(r"(?:[^\w'’%&;:–—-]+[\w'’%&-]+){0,6}[^\w'’%&;:–—-]*\Z")
_WORD = re.compile(r"\w[ \t]+\Z")
_OPEN = re.compile(
    r"\b(?:is|are|['’](?:re|s)|stays?|still|now)[ \t]+open\b|\bwe[ \t]+(?:re)?open[ \t]+(?:at|today|"
    r"from)\b",
    re.IGNORECASE,
)
"""Something that is shut until an hour, or open from one on, is no news that has passed."""
_STUDIED = re.compile(
    r"\b(?:why|how|what|who|which|those|people|guide|story|tips?|recipes?|read|look|learn|write)\b", re.IGNORECASE
)
"""Between today and an hour: what the mail is about, and nothing that ends."""
_CUT_OFF = re.compile(r"[ \t]+(?:cut-?[ \t]?off|deadline|limit|close)\b(?:[ \t]+time\b)?", re.IGNORECASE)
_OURS = re.compile(r"\b(?:we|staff|team)\b|\w+ed[ \t]+$", re.IGNORECASE)
"""Before an hour until which the sender does something, or by which something has been done."""
_IS = re.compile(r"[ \t]+(?:is|are|was|feels)\b(?![ \t]+(?:the|your|our)[ \t]+(?:deadline|cut))", re.IGNORECASE)
_LURE = re.compile(r"^\W*(?:can|could|will|would|won['’]t|why not|fancy|care to)\b", re.IGNORECASE)
_MISSED = re.compile(r"\b(?:after|past|missed?|beyond)[ \t]+$", re.IGNORECASE)
_AROUND = 60
_NEXT_CLAUSE = re.compile(r"[,;:–—]|[ \t](?:and|so|but|because|or)\b", re.IGNORECASE)
_LONGEST = 600
"""Characters of a sentence; what is longer is a list of something, or no sentence."""


@dataclass(frozen=True, slots=True)
class Until:
    """An hour of the day of reading at which something begins or ends, where it stands in a copy."""

    start: int
    end: int
    hour: time
    zone: str | None = None
    """Whose clock, where the copy says it."""
    on: Named | None = None
    """The day, where it is named and not just today."""


def hours_today(text: str) -> Iterator[Until]:
    """The last hour of every sentence that binds its hours to today, and speaks of no other day."""
    before, judged = Before("", 0, 0), 0
    for sentence in _SENTENCE.finditer(text):
        words = sentence[0]
        if len(words) <= _LONGEST and judged < MOST and may_name_hours(words):
            judged += 1
            of_today = OfToday.LAST if is_last(text, sentence.end()) else before.of(text, sentence.start())
            until = _in(words, sentence.start(), of_today)
            if until is not None:
                yield until
            elif (dated := as_today(words)) is not None:
                until = _in(dated[0], sentence.start(), OfToday.NO)
                if until is not None:
                    behind = sentence.start() + dated[1] + len(WORD)
                    end = until.end if until.end != behind else behind - len(WORD) + dated[2].length
                    yield replace(until, end=end, on=dated[2])
        if words.strip():
            before = Before(words, sentence.start(), sentence.end())


def _in(words: str, begin: int, of_today: OfToday) -> Until | None:
    if words.endswith("?") and not _LURE.match(words):
        words = words.rpartition(":")[0]
    plain = _without_dates(words)
    if _FINAL.match(plain) and of_today is OfToday.NO:
        of_today = OfToday.LAST
    days = list(_TODAY.finditer(plain))
    rule = of_today is not OfToday.DAY and not _FINAL.match(plain) and is_rule(plain)
    if not days and (of_today is OfToday.NO or rule):
        return None
    spots = hours_in(plain)
    bound = [
        found
        for found in spots
        if _day_of(plain, days, found)
        or (not days and _carried(plain, found, of_today))
        or (days and _of_last_day(plain, found))
    ]
    if not bound or told(plain, _limit(plain, days, spots), _clause_end(plain, days, bound)):
        return None
    if any((found["lead"] or "").casefold() in ("from", "ab") and not ranged(found) for found in spots):
        return None
    if _OPEN.search(plain) and not any(ranged(found) or limits(found) for found in spots):
        return None
    hours = [last(plain, found) for found in spots]
    zones = [zone(words, found.end()) for found in spots]
    if None in hours or "?" in zones:
        return None
    latest, where = max(hour for hour in hours if hour is not None), zones[0]
    if None not in zones and len(set(zones)) == len(spots):
        latest = hours[0] or latest  # one moment by the clocks of several places
    elif len(set(zones)) != 1:
        return None
    day = _day_of(plain, days, bound[0]) or bound[0]
    start, end = min(day.start(), bound[0].start()), max(day.end(), bound[0].end())
    return Until(begin + start, begin + end, latest, where)


def _clause_end(words: str, days: list[re.Match[str]], bound: list[re.Match[str]]) -> int:
    """Where the clause with an hour of today, and its word for today, ends."""
    ends = [found.end() for found in bound]
    ends += [day.end() for day in days[:1] if all(day.end() < found.end() + _AROUND for found in bound)]
    behind = _NEXT_CLAUSE.search(words, max(ends))
    return behind.start() if behind else len(words)


def _limit(words: str, days: list[re.Match[str]], spots: list[re.Match[str]]) -> tuple[int, int] | None:
    """Where the one hour of a sentence and its word for today are, if it is an hour until which something can be."""
    if len(spots) != 1:
        return None
    before = words[: spots[0].start()]
    moved = moved_to(before) and sure(spots[0])
    if not limits(spots[0]) and not moved and (ENDS.search(before) is None or _OURS.search(before) is not None):
        return None
    if not days:
        return spots[0].span()
    if (day := _day_of(words, days, spots[0])) is None:
        return None
    return min(day.start(), spots[0].start()), max(day.end(), spots[0].end())


def _carried(words: str, found: re.Match[str], of_today: OfToday) -> bool:
    """Whether an hour is of the today that stands in the sentence before."""
    before = words[: found.start()]
    match of_today:
        case OfToday.NO:
            return False
        case OfToday.DAY:
            return _AT_EVENT.search(before) is not None
        case OfToday.EVENT:
            return sure(found) and goes_on(before)
        case OfToday.LAST:
            asked = limits(found) and _asks().search(words) is not None and _STUDIED.search(before) is None
            ends = ENDS.search(before) is not None and _AT_EVENT.search(before) is not None
            return sure(found) and (ends or (asked and _OURS.search(before) is None))
        case _:
            assert_never(of_today)


def _of_last_day(words: str, found: re.Match[str]) -> bool:
    """Whether a sentence says before an hour that today is the last day: "Today is the last day; lines close at 9"."""
    if not last_said(words[: found.start()]):
        return False
    cut_off = sure(found) and _CUT_OFF_IS.match(words, found.end()) is not None
    until = sure(found) and limits(found) and not any(one.search(words, 0, found.start()) for one in (_STUDIED, _OURS))
    return cut_off or until or _carried(words, found, OfToday.LAST)


def _without_dates(words: str) -> str:
    """A sentence with blanks for the weekdays and dates that stand for today."""
    out = words
    for said in explicit(words):
        if said.offset == 0:
            for at, named in days_named(words, said.start, said.end):
                out = out[:at] + " " * named.length + out[at + named.length :]
    return out


def _day_of(words: str, days: list[re.Match[str]], found: re.Match[str]) -> re.Match[str] | None:
    """The word for today that an hour is bound to: right beside it, or said of something that is today's."""
    at, end = found.start(), zone_end(words, found.end())
    for day in days:
        if day.end() <= at and _binds_behind(words, day, found, at):
            return day
        if end <= day.start() and _binds_before(words, day, found, end):
            return day
    return None


def _binds_behind(words: str, day: re.Match[str], found: re.Match[str], at: int) -> bool:
    """Whether an hour behind a word for today is of that day: "today at nine", "today's talk starts at 11"."""
    gap = words[day.end() : at]
    if day["owner"]:
        if sure(found) and not gap.strip() and _CUT_OFF.match(words, found.end()):
            return _MISSED.search(words[: day.start()]) is None
        if limits(found) and sure(found) and (_DO_IT.match(gap) or _UP_TO.match(gap)):
            return True
        named = not gap.strip() and _event_behind().match(words, found.end()) is not None
        if sure(found) and (named or moved_to(words[: found.start()])):
            return True
        written = found["lead"] is not None or (sure(found) and bool(gap.strip()))
        return written and (_FEW.match(gap) is not None or _FAR.search(gap) is not None)
    if _GAP.match(gap):
        told_of = found["lead"] is None and _IS.match(words, found.end()) is not None
        return not told_of and (found["lead"] is not None or sure(found) or ranged(found))
    if sure(found) and found["lead"] and _MEETS.search(words[: day.start()]) and _FOR_IT.match(gap):
        return True
    if sure(found) and limits(found) and (_IF_YOU.match(gap) or _CAN_BE.match(gap)):
        return True
    if _ASKED.search(words[: day.start()]):
        return False
    if sure(found) and found["lead"] and _AND_WILL.match(gap):
        return True
    if _MORE.match(gap) and _AT_EVENT.search(gap):
        return True
    return (
        limits(found)
        and sure(found)
        and _MORE.match(gap.replace(":", " ", 1)) is not None
        and _asks().search(gap) is not None
        and _STUDIED.search(gap) is None
        and _OURS.search(gap) is None
    )


def _binds_before(words: str, day: re.Match[str], found: re.Match[str], end: int) -> bool:
    """Whether an hour before a word for today is of that day: "by 2 pm today", "the doors open at noon today"."""
    gap, before = words[end : day.start()], words[: found.start()]
    if day["owner"]:
        return False
    if _GAP.match(gap) and (moved_to(before) or (_MISS.search(before) and _AND_YOU.match(words, day.end()))):
        return sure(found)
    if _LATER.search(before):
        return sure(found) and _IN_VAIN.match(words, end) is not None
    if _GAP.match(gap):
        return (
            found["lead"] is not None
            or _AT_EVENT.search(before) is not None
            or (sure(found) and not _WORD.search(before))
        )
    if sure(found) and (deadline := _CUT_OFF.match(gap)) is not None and not gap[deadline.end() :].strip(" \tis,:"):
        return _MISSED.search(before.rstrip().removesuffix("the") or " ") is None
    return (
        found["lead"] is not None
        and sure(found)
        and _AT_EVENT.search(before) is not None
        and _FEW.match(gap) is not None
    )


@cache
def _event_behind() -> re.Pattern[str]:
    return re.compile(rf"[ \t]+(?:[\w'’-]+[ \t]+){{0,2}}{any_word(entries('timing', 'events'))}\b", re.IGNORECASE)


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_word(entries('timing', 'until'))}(?![\w-])", re.IGNORECASE)
