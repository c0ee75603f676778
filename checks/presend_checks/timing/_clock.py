"""Hours of the clock as they are written: "noon", "2 pm", "half past eight", "9–11", "close of business"."""

from __future__ import annotations

import re
from datetime import time
from functools import cache

from presend_checks._lexicon import any_of, entries, pairs
from presend_checks.timing._named import any_word

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNIT = r"(?![\d%€$£]|[.,:/]\d|[ \t]?(?:[%€]|(?:euros?|dollars?|pounds?|per ?cent|p|c|st|nd|rd|th)\b))"


def _hour(n: int) -> str:
    """An hour of the clock; its groups end on a number."""
    return (
        rf"(?:(?P<noon{n}>(?:12[ \t]?)?(?:noon|midday|mittag)\b)"
        rf"|(?P<call{n}>{any_word(pairs('timing', 'hours', '|'))}\b)"
        rf"|(?P<half{n}>half[ \t](?:past[ \t])?|quarter[ \t](?:past|to)[ \t])?"
        rf"(?P<hour{n}>[01]?\d|2[0-3]|(?:{'|'.join(_WORDS)})\b)(?:[:.h](?P<minute{n}>[0-5]\d))?"
        rf"(?:[ \t]?(?P<mark{n}>[ap]\.?[ \t]?m\b\.?|noon\b|uhr\b|hrs\b|o['’]clock\b))?{_UNIT})"
    )


_SPOT = re.compile(
    r"(?<![\w.,:/£$€#-])(?:(?P<lead>(?:no later than|not later than|at|by|(?:on or )?before|(?:up )?until|till|"
    r"['’]?til|up to|prior to|ahead of|through|thru|between now and|from|between|around|um|bis|ab)"
    r"(?:[ \t]+(?:at|about|around|exactly|um|as late as))?)[ \t]+)?"
    rf"{_hour(1)}(?:[ \t]*(?:-|–|—|to\b|till\b|until\b|and\b|bis\b|und\b)[ \t]*{_hour(2)})?",
    re.IGNORECASE,
)

_LIMITS = re.compile(
    r"(?:until|till|['’]?til|by|before|bis|no|not|on or before|up|prior|ahead|through|thru|between now)\b",
    re.IGNORECASE,
)
ENDS = re.compile(
    r"\b(?:ends?|clos(?:es?|ing)|expires?|dies|stops?|shuts?|runs[ \t]out|deadline|cut-?off|is[ \t]over|"
    r"last[ \t](?:orders|entry|post|call)|locks?)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"[ \t]*(?:[.,;:!?)|\n–—]|-[ \t]|$|(?:sharp|today|this|tonight|for|to|with|in|on|and|when|until|till|we|you|"
    r"they|the|our|as|from|or|latest)\b)",
    re.IGNORECASE,
)
"""Behind a number that is an hour, and not so many of something."""
_EVENING = re.compile(
    r"\b(?:tonight|evening|abend|night|concerts?|gigs?|party|parties|bands?|dj|djs|disco|show|film|"
    r"movie|dinner|"
    r"supper|(?<=the )play|(?<=a )play|cabaret|comedy|premiere|pub|quiz|karaoke|cocktails?|dance)\b",
    re.IGNORECASE,
)
_THIS_MORNING = re.compile(r"\b(?:this[ \t]+morning|breakfast)\b", re.IGNORECASE)
_EARLY = re.compile(r"\b(?:early|matin[eé]e|morning)\b", re.IGNORECASE)
_TONIGHT = re.compile(r"\b(?:tonight|evening|night)\b", re.IGNORECASE)
_OF_TODAY = re.compile(r"[ \t]*,?[ \t]*today\b(?!['’])", re.IGNORECASE)
_DEADLINE = re.compile(r"\b(?:cut-?off|deadline|last[ \t]orders)\b", re.IGNORECASE)
_FOR_TONIGHT = re.compile(
    r"\b(?:bookings?|orders?|entries|sign-?ups?|registrations?|tickets?)\b[^.!?]{0,20}\bfor[ \t]+tonight\b",
    re.IGNORECASE,
)
_MORNING = re.compile(
    r"\b(?:morning|breakfast|school|assembly|train|departs|dawn|sunrise|early|vormittag)\b", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_SPELT = re.compile(
    rf"\b(?:noon|midday|mittag|{'|'.join(_WORDS)}|{any_word(pairs('timing', 'hours', '|'))})\b", re.IGNORECASE
)


def may_name_hours(words: str) -> bool:
    """Whether there is any number or name in a sentence that might be an hour."""
    return _DIGIT.search(words) is not None or _SPELT.search(words) is not None


def hours_in(words: str) -> list[re.Match[str]]:
    """The hours of a sentence, each alone or a span of two."""
    return [found for found in _SPOT.finditer(words) if _is_hour(words, found)]


def limits(found: re.Match[str]) -> bool:
    return _LIMITS.match(found["lead"] or "") is not None


def ranged(found: re.Match[str]) -> bool:
    return found["hour2"] is not None or found["noon2"] is not None


def _is_hour(words: str, found: re.Match[str]) -> bool:
    """Whether a number is an hour of the clock."""
    if found["call1"] or found["call2"]:
        return found["call2"] is None and limits(found)
    if found["noon1"] or found["mark1"] or found["mark2"] or found["noon2"] or found["half1"]:
        return True
    if found["minute1"]:
        return len(found["minute1"]) == 2
    return bool(found["lead"] or ranged(found)) and _BARE.match(words, found.end()) is not None


def sure(found: re.Match[str]) -> bool:
    """Whether it is written as an hour."""
    return any(found[name] for name in ("noon1", "noon2", "mark1", "mark2", "minute1", "half1", "call1"))


def zone(words: str, end: int) -> str | None:
    found = _clock().match(words, end)
    return (
        pairs("timing", "zones", "|")[found[1] if found[1].isupper() else " ".join(found[1].split()).casefold()]
        if found
        else None
    )


def zone_end(words: str, end: int) -> int:
    found = _clock().match(words, end)
    return found.end() if found else end


def last(words: str, found: re.Match[str]) -> time | None:
    """The hour when it is over; None where nobody can tell."""
    of_morning = _THIS_MORNING.search(words) is not None
    early = of_morning or _MORNING.search(words) is not None
    late = not of_morning and _EVENING.search(words) is not None
    if late and _EARLY.search(words) and not _TONIGHT.search(words):
        late = False
    ends = ENDS.search(words) is not None or limits(found)
    before = _FOR_TONIGHT.search(words)
    if before or ((limits(found) or _DEADLINE.search(words)) and _OF_TODAY.match(words, found.end())):
        late = False  # by ten today something is to be done for what is on tonight
    if not ranged(found):
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
    if found[f"call{n}"]:
        return time.fromisoformat(pairs("timing", "hours", "|")[" ".join(found[f"call{n}"].casefold().split())])
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


@cache
def _clock() -> re.Pattern[str]:
    known = entries("timing", "zones")
    short = any_of(line.partition("|")[0] for line in known if line[:2].isupper())
    long = any_of((line.partition("|")[0] for line in known if not line[:2].isupper()), blanks=r"[ \t]+")
    return re.compile(rf"[ \t]*\(?({short}|(?i:{long}))\b\)?")
