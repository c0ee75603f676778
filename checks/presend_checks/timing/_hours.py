"""The hour of today at which something begins or ends, as the copy says it: "until noon today", "today at 9 am"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import cache

from presend_checks._lexicon import any_of, entries, pairs
from presend_checks.timing._days import explicit
from presend_checks.timing._named import days_named

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNIT = r"(?![\d%€$£]|[.,:/]\d|[ \t]?(?:[%€]|(?:euros?|dollars?|pounds?|per ?cent|p|c|st|nd|rd|th)\b))"


def _hour(n: int) -> str:
    """An hour of the clock; its groups end on a number."""
    return (
        rf"(?:(?P<noon{n}>(?:12[ \t]?)?(?:noon|midday|mittag)\b)"
        rf"|(?P<half{n}>half[ \t](?:past[ \t])?|quarter[ \t](?:past|to)[ \t])?"
        rf"(?P<hour{n}>[01]?\d|2[0-3]|(?:{'|'.join(_WORDS)})\b)(?:[:.h](?P<minute{n}>[0-5]\d))?"
        rf"(?:[ \t]?(?P<mark{n}>[ap]\.?[ \t]?m\b\.?|noon\b|uhr\b|hrs\b|o['’]clock\b))?{_UNIT})"
    )


_SPOT = re.compile(
    r"(?<![\w.,:/£$€#-])(?:(?P<lead>(?:no later than|not later than|at|by|before|until|till|'til|from|between|"
    r"around|um|bis|ab)"
    r"(?:[ \t]+(?:at|about|around|exactly|um|as late as))?)[ \t]+)?"
    rf"{_hour(1)}(?:[ \t]*(?:-|–|—|to\b|till\b|until\b|and\b|bis\b|und\b)[ \t]*{_hour(2)})?",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"(?<![\w-])(?P<word>today|tonight|heute|this (?:morning|evening|"
    r"afternoon))(?P<owner>['’]s\b)?(?![\w-])",
    re.IGNORECASE,
)
_THE_DAY = re.compile(r"\btoday(?:['’]s| is)[ \t]+the[ \t]+(?:big[ \t]+)?day\b[^.!?\n]{0,40}[.!][ \t]*$", re.IGNORECASE)
"""The sentence before an hour that is of today."""
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.](?=\d|m\b|[ \t]?m\.)|(?<=[ap]\.m)[.](?![ \t]+[A-Z]))+[!?]?")
_EVENT = (
    r"(?:re)?(?:starts?|begins?|opens?|kicks?[ \t]off|go(?:es)?[ \t](?:live|on[ \t]sale)|launch(?:es)?|ends?|"
    r"clos(?:es?|ing)|"
    r"expires?|dies|finish(?:es)?|stops?|shuts?|runs[ \t]out|leaves?|departs?|meets?|happens?|takes[ \t]place|"
    r"airs|drops|"
    r"is|are|it['’]s|['’]s|cut-?off|deadline|doors|boarding|emptied|arrive|works|kick-?off|over|start|sharp|"
    r"live|dies|due)"
)
_AT_EVENT = re.compile(rf"\b{_EVENT}(?:[ \t]+(?!and\b|but\b|or\b)[\w'’-]+){{0,2}}[ \t,:|]*$", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:ends?|clos(?:es?|ing)|expires?|dies|stops?|shuts?|runs[ \t]out|deadline|cut-?off|is[ \t]over|"
    r"last[ \t]orders)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:order|buy|book|shop|reply|register|sign[ \t]up|apply|call|subscribe|join(?![ \t]us)|enrol|enroll|"
    r"reserve|renew|get|visit|"
    r"switch|phone|ring|contact)\b[^,;:.!?]{0,24}$",
    re.IGNORECASE,
)
"""Before today: what is asked for today may be at an hour of another day."""
_GAP = re.compile(
    r"[\s,:;|()–—-]*(?:(?:sharp|precisely|exactly|punkt|only|live|morning|already)\b[\s,:;|()–—-]*)?\Z",
    re.IGNORECASE,
)
_FEW = re.compile(r"[ \t]+(?:[\w'’&-]+[ \t]+){0,5}\Z")
_MORE = re.compile(r"(?:[^\w'’%&;:–—-]+[\w'’%&-]+){0,6}[^\w'’%&;:–—-]*\Z")
_WORD = re.compile(r"\w[ \t]+\Z")
_BARE = re.compile(
    r"[ \t]*(?:[.,;:!?)|\n–—]|-[ \t]|$|(?:sharp|today|this|tonight|for|to|with|in|on|and|when|until|till|we|you|"
    r"they|the|our|as|from|or|latest)\b)",
    re.IGNORECASE,
)
"""Behind a number that is an hour, and not so many of something."""
_OTHER_DAY = re.compile(
    r"\b(?:tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|next[ \t]+(?:week|month|day)|"
    r"morgen|gestern|daily|weekdays?|weekends?|(?:every|each)[ \t]+(?:single[ \t]+)?(?:day|morning|evening|week|night)|"
    r"midnight|1[0-9]\d\d|last[ \t]+(?:week|night|year|month))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|(?:has|have)(?![ \t]+(?:only[ \t]+)?(?:(?:un)?till?|the|a|an|your|our|lunch|breakfast|"
    r"fun)\b)|been|did|"
    r"kept|sat|slept|stood|ran|began|went|came|left|got|rang|won|met|took|gave|told|said|wrote|spoke|sent|sold|"
    r"made|held|"
    r"made|broke|fell|rose|hit|saw|found|lost|missed|sorry|thanks|thank|enjoyed|recording|replay|recap|highlights|since|"
    r"as[ \t]+(?:of|at)|"
    r"(?:we|i|they|he|she|you)[ \t]+\w+ed)\b|['’]ve[ \t]",
    re.IGNORECASE,
)
_DID = re.compile(
    r"(?P<be>\b(?:is|are|be|being|get|gets|you|not)[ \t]+|['’](?:s|re)[ \t]+)?\b(?!need|speed|feed|seed|bed|red|"
    r"wed|limited|hundred)\w{2,}ed"
    r"(?=[ \t]*(?:[.,!;)]|$|(?:at|in|on|from|to|for|the|our|your|a|an|my|this|today|up|out|over|down|with|us|"
    r"it|all|more)\b|\d))",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    r"\b(?:if|whether|imagine|suppose|whenever|unless|once)\b|\bnot[ \t]+(?:today|at)\b",
    re.IGNORECASE,
)
_SHUT = re.compile(
    r"\b(?:closed|shut|down|unavailable|away|offline|out[ \t]of[ \t]office)\b[^.!?\n]{0,30}\b(?:until|till)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:is|are|['’](?:re|s)|stays?|still|now)[ \t]+open\b|\bwe[ \t]+(?:re)?open[ \t]+(?:at|today|"
    r"from)\b",
    re.IGNORECASE,
)
"""Something that is shut until an hour, or open from one on, is no news that has passed."""
_EVENING = re.compile(
    r"\b(?:tonight|evening|afternoon|abend|night|concerts?|gigs?|party|parties|bands?|dj|djs|disco|show|film|"
    r"movie|dinner|"
    r"supper|play|cabaret|comedy|premiere|pub|quiz|karaoke|cocktails?|dance)\b",
    re.IGNORECASE,
)
_MORNING = re.compile(
    r"\b(?:morning|breakfast|school|assembly|train|departs|dawn|sunrise|early|vormittag)\b", re.IGNORECASE
)


_LONGEST = 600
"""Characters of a sentence; what is longer is a list of something, or no sentence."""
_DIGIT = re.compile(r"\d")
_SPELT = re.compile(rf"\b(?:noon|midday|mittag|{'|'.join(_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Until:
    """An hour of the day of reading at which something begins or ends, where it stands in a copy."""

    start: int
    end: int
    hour: time
    zone: str | None = None
    """Whose clock, where the copy says it."""


def hours_today(text: str) -> Iterator[Until]:
    """The last hour of every sentence that binds its hours to today, and speaks of no other day."""
    before = ""
    for sentence in _SENTENCE.finditer(text):
        words = sentence[0]
        if len(words) <= _LONGEST and (_DIGIT.search(words) or _SPELT.search(words)):
            until = _in(words, sentence.start(), _THE_DAY.search(before) is not None)
            if until is not None:
                yield until
        before = (
            text[max(0, sentence.start() - 60) : sentence.end()].rpartition("\n")[2]
            + text[sentence.end() : sentence.end() + 1]
        )


def _in(words: str, begin: int, of_today: bool) -> Until | None:
    plain = _without_dates(words)
    days = list(_TODAY.finditer(plain))
    if not (days or of_today) or _told(plain):
        return None
    spots = [found for found in _SPOT.finditer(plain) if _is_hour(plain, found)]
    bound = [
        found for found in spots if _day_of(plain, days, found) or (of_today and not days and _happens(plain, found))
    ]
    if not bound or any((found["lead"] or "").casefold() in ("from", "ab") and not _ranged(found) for found in spots):
        return None
    if _OPEN.search(plain) and not any(_ranged(found) or _limits(found) for found in spots):
        return None
    hours = [_last(plain, found) for found in spots]
    zones = [_zone(words, found.end()) for found in spots]
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


def _happens(words: str, found: re.Match[str]) -> bool:
    """Whether something is said to begin or to end at an hour."""
    return _AT_EVENT.search(words[: found.start()]) is not None


def _without_dates(words: str) -> str:
    """A sentence with blanks for the weekdays and dates that stand for today."""
    out = words
    for said in explicit(words):
        if said.offset == 0:
            for at, named in days_named(words, said.start, said.end):
                out = out[:at] + " " * named.length + out[at + named.length :]
    return out


def _told(words: str) -> bool:
    """Whether a sentence speaks of another day, of the past, or of what may be."""
    if _OTHER_DAY.search(words) or _PAST.search(words) or _PERHAPS.search(words) or _SHUT.search(words):
        return True
    if any(not found["be"] for found in _DID.finditer(words)):
        return True
    return any(named.when is not None for _at, named in days_named(words, 0, len(words)))


def _limits(found: re.Match[str]) -> bool:
    return (found["lead"] or "").casefold().partition(" ")[0] in (
        "until",
        "till",
        "'til",
        "by",
        "before",
        "bis",
        "no",
        "not",
    )


def _ranged(found: re.Match[str]) -> bool:
    return found["hour2"] is not None or found["noon2"] is not None


def _is_hour(words: str, found: re.Match[str]) -> bool:
    """Whether a number is an hour of the clock."""
    if found["noon1"] or found["mark1"] or found["mark2"] or found["noon2"] or found["half1"]:
        return True
    if found["minute1"]:
        return len(found["minute1"]) == 2
    return bool(found["lead"] or _ranged(found)) and _BARE.match(words, found.end()) is not None


def _sure(found: re.Match[str]) -> bool:
    """Whether it is written as an hour."""
    return any(found[name] for name in ("noon1", "noon2", "mark1", "mark2", "minute1", "half1"))


def _day_of(words: str, days: list[re.Match[str]], found: re.Match[str]) -> re.Match[str] | None:
    """The word for today that an hour is bound to: right beside it, or said of something that is today's."""
    at, end = found.start(), _zone_end(words, found.end())
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
        written = found["lead"] is not None or (_sure(found) and bool(gap.strip()))
        return written and (_FEW.match(gap) is not None or _AT_EVENT.search(gap) is not None)
    if _GAP.match(gap):
        return found["lead"] is not None or _sure(found) or _ranged(found)
    if _ASKED.search(words[: day.start()]):
        return False
    if _MORE.match(gap) and _AT_EVENT.search(gap):
        return True
    return _limits(found) and _sure(found) and _MORE.match(gap.replace(":", " ", 1)) is not None


def _binds_before(words: str, day: re.Match[str], found: re.Match[str], end: int) -> bool:
    """Whether an hour before a word for today is of that day: "by 2 pm today", "the doors open at noon today"."""
    gap, before = words[end : day.start()], words[: found.start()]
    if day["owner"]:
        return False
    if _GAP.match(gap):
        return (
            found["lead"] is not None
            or _AT_EVENT.search(before) is not None
            or (_sure(found) and not _WORD.search(before))
        )
    return (
        found["lead"] is not None
        and _sure(found)
        and _AT_EVENT.search(before) is not None
        and _FEW.match(gap) is not None
    )


def _zone(words: str, end: int) -> str | None:
    found = _clock().match(words, end)
    return (
        pairs("timing", "zones", "|")[found[1] if found[1].isupper() else " ".join(found[1].split()).casefold()]
        if found
        else None
    )


def _zone_end(words: str, end: int) -> int:
    found = _clock().match(words, end)
    return found.end() if found else end


@cache
def _clock() -> re.Pattern[str]:
    known = entries("timing", "zones")
    short = any_of(line.partition("|")[0] for line in known if line[:2].isupper())
    long = any_of((line.partition("|")[0] for line in known if not line[:2].isupper()), blanks=r"[ \t]+")
    return re.compile(rf"[ \t]*\(?({short}|(?i:{long}))\b\)?")


def _last(words: str, found: re.Match[str]) -> time | None:
    """The hour when it is over; None where nobody can tell."""
    late, early = _EVENING.search(words) is not None, _MORNING.search(words) is not None
    ends = _ENDS.search(words) is not None or _limits(found)
    if not _ranged(found):
        return _time(found, 1, found["mark1"], late, early, ends)
    if not (found["mark1"] or found["mark2"] or found["noon1"] or found["noon2"]):
        return _span_end(found, late, early)
    second = _time(found, 2, found["mark2"], late, early, True)
    if second is None and found["hour2"] and (first := _time(found, 1, found["mark1"], late, early, False)) is not None:
        hour, minute = _number(found["hour2"]), int(found["minute2"] or 0)
        later = [time(one, minute) for one in (hour, hour + 12) if one < 24 and time(one, minute) > first]
        return later[0] if later else None
    if (
        second is not None
        and found["mark1"]
        and (_time(found, 1, found["mark1"], late, early, False) or second) > second
    ):
        return None  # it goes on after midnight
    return second


def _span_end(found: re.Match[str], late: bool, early: bool) -> time | None:
    """The end of a span of hours without marks: "9–17", "from 9 to 11", "10 till 1"; None where it may be at night."""
    first, second, minute = _number(found["hour1"]), _number(found["hour2"]), int(found["minute2"] or 0)
    if late and first < 12:
        return time(second + 12, minute) if first < second < 12 else None
    if first > 12 or second > 12 or found["hour1"][0] == "0":
        return time(second, minute) if second > first else None
    if first < 7 or first == 12:
        return time(second % 12 + 12, minute) if first % 12 < second else None
    if second < first:
        return time(second + 12, minute)
    return time(second, minute) if early or first > 8 or second == 12 else None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS.index(word.casefold()) + 1


def _time(found: re.Match[str], n: int, mark: str | None, late: bool, early: bool, ends: bool) -> time | None:
    """The hour; None where morning and evening cannot be told apart, or the number is no hour."""
    if found[f"noon{n}"]:
        return time(12)
    written = found[f"hour{n}"]
    hour, minute = _number(written), int(found[f"minute{n}"] or 0)
    half = (found[f"half{n}"] or "").casefold()
    sign = (mark or "").casefold().replace(".", "").replace(" ", "")
    if sign in ("am", "pm", "noon"):
        hour = (hour % 12 + 12 * (sign != "am")) if 1 <= hour <= 12 else 99
    elif not (sign in ("uhr", "hrs") or hour > 12 or written[0] == "0" or hour == 0):
        hour = _guessed(hour, bool(found[f"minute{n}"]), late, early, ends)
    if half:
        minute, hour = (30, hour) if half[0] == "h" else (15, hour) if "past" in half else (45, hour - 1)
    return time(hour, minute) if 0 <= hour <= 23 else None


def _guessed(hour: int, minutes: bool, late: bool, early: bool, ends: bool) -> int:
    """An hour from one to twelve without a mark, by the clock of 24 hours; 99 where nobody can tell."""
    if late:
        return hour + 12 if hour < 12 else 99
    if hour < 7:
        return hour + 12
    if hour == 12:
        return 12 if minutes or not ends else 99
    if early or (minutes and hour >= 9) or (hour >= 9 and not ends):
        return hour
    return 10 if hour == 10 and minutes else 99
