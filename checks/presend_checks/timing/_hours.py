"""The hour of today at which something ends, as the copy says it: "only today until noon", "closes today at 11 am"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

_HOUR = (
    r"(?P<noon>noon|midday|mittag)\b"
    r"|(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d))?(?:[ \t]?(?P<mark>[ap]\.?m\b|uhr\b|o['’]clock\b))?(?![\d%])"
)
_LIMIT = re.compile(
    r"\b(?:(?:until|till|before|no later than|by|bis)|(?:ends?|closes?|expires?|dies|stops?|finish(?:es)?|runs out|"
    r"is over|shuts?)\b(?:[ \t]+(?:today|tonight|this (?:morning|evening|afternoon)))?[ \t]*,?[ \t]+(?:at|by|um))[ \t]+"
    rf"(?:(?:at|um|about)[ \t]+)?(?:{_HOUR})",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?:today|tonight|heute|this (?:morning|evening|afternoon))\b", re.IGNORECASE)
_LATE = re.compile(r"\b(?:tonight|(?:this )?evening|afternoon|abend)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.](?=\d|m\b|[ \t]?m\.))+")
_OTHER_DAY = re.compile(
    r"\b(?:tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
    r"morgen|gestern|daily|weekdays?|every[ \t]+(?:single[ \t]+)?(?:day|morning|evening|week)|"
    r"midnight)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|(?:has|have)(?![ \t]+(?:only[ \t]+)?(?:un)?till?\b)|been|did|"
    r"already|kept|sat|slept|stood|ran|closed|ended|expired|(?:we|i|they|he|she|you)"
    r"[ \t]+\w+ed)\b",
    re.IGNORECASE,
)
_ZONE = re.compile(r"[ \t]*\(?(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|WES?T|EES?T|JST|IST|A[CEW][SD]T|NZ[SD]T)\b")


@dataclass(frozen=True, slots=True)
class Until:
    """An hour of the day of reading at which something ends, where it stands in a copy."""

    start: int
    end: int
    hour: time


def ends_today(text: str) -> Iterator[Until]:
    """Every sentence of today that names one hour by which something ends, and no other day."""
    for sentence in _SENTENCE.finditer(text):
        words = sentence[0]
        if not _TODAY.search(words) or _OTHER_DAY.search(words) or _PAST.search(words):
            continue
        limits = list(_LIMIT.finditer(words))
        hour = _time(limits[0], late=bool(_LATE.search(words))) if len(limits) == 1 else None
        if hour is not None and not _ZONE.match(words, limits[0].end()):
            begin = sentence.start()
            yield Until(begin + limits[0].start(), begin + limits[0].end(), hour)


def _time(found: re.Match[str], *, late: bool) -> time | None:
    """The hour; None where morning and evening cannot be told apart, or the number is no hour."""
    if found["noon"]:
        return time(12)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    mark = (found["mark"] or "").casefold().replace(".", "")
    if mark in ("am", "pm"):
        return time(hour % 12 + 12 * (mark == "pm"), minute) if 1 <= hour <= 12 else None
    if mark == "uhr" or hour > 12:
        return time(hour, minute) if mark or found["minute"] else None
    if late and hour < 12:
        return time(hour + 12, minute)
    # Without a mark "until 5:00" is the afternoon as often as not; ten to twelve are of the morning.
    return time(hour, minute) if found["minute"] and (hour >= 10 or found["hour"].startswith("0")) else None
