"""Whether the sentence before an hour makes it an hour of today: "Today only! Use the code before 3 pm."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from presend_checks.timing._told import told

_SHORT = 80
"""Characters of a line that may be the heading of the next one."""
_THE_DAY = re.compile(r"\btoday(?:['’]s| is)[ \t]+the[ \t]+(?:big[ \t]+)?day\b[^.!?\n]{0,40}$", re.IGNORECASE)
_LAST = re.compile(
    r"\b(?:today|tonight)[ \t]+(?:only|alone)\b|\b(?:only|just)[ \t]+(?:for[ \t]+)?(?:today|tonight)\b|"
    r"\b(?:ends?|ending|closes?|closing|expires?|expiring|over|(?<=s )up|gone|until|till)[ \t]+(?:today|tonight)\b|"
    r"\btoday(?:['’]s|[ \t]+is)[ \t]+(?:it\b|(?:the|your|our)[ \t]+(?:very[ \t]+)?(?:last|final|only|deadline|cut-?off|"
    r"closing[ \t]+date)\b)|"
    r"\b(?:last|final)[ \t]+(?:day|chance|call|hours|orders?)\b[^.!?\n]{0,30}\b(?:today|tonight)\b|"
    r"\btoday\b[^.!?\n]{0,20}\b(?:last|final)[ \t]+(?:day|chance|call|hours)\b|"
    r"\b(?:today|this)[ \t,–—-]*(?:one[ \t-]day)\b",
    re.IGNORECASE,
)
"""Something that is to be had for the last time."""
_EVENT = re.compile(
    r"^(?!\W*(?:order|buy|book|shop|reply|register|sign up|apply|call|join|get|save|read|see|learn|visit)\b)[^.!?\n]*"
    r"\b(?:sale|deal|offer|event|webinar|workshop|class|session|stream|show|draw|auction|giveaway|match|meeting|tour|"
    r"market|fair|demo|talk|party|premiere|launch|drop|clinic|vote|poll)\b[^.!?\n]{0,30}\btoday[ \t]*$|"
    r"^\W*today[ \t]*(?:is|[:–—])[ \t]",
    re.IGNORECASE,
)
"""Something that is on."""
_GOES_ON = re.compile(
    r"^\W*(?:and[ \t]+|but[ \t]+)?(?:it|they|this|that|everything|all|"
    r"(?:the[ \t]+)?(?:doors|gates|tills|lines))\b[^.!?\n]*"
    r"\b(?:starts?|begins?|kicks[ \t]off|ends?|clos(?:es?|ing)|expires?|shuts?|stops?|runs[ \t]out|is[ \t]over)"
    r"(?:[ \t]+\w+){0,2}[ \t]*$|^\W*(?:all[ \t]+)?(?:over|gone)[ \t]*$",
    re.IGNORECASE,
)
_LAST_BEHIND = re.compile(r"[.!][ \t]+(?:today|tonight)[ \t]+only\b[ \t]*(?:[.!]|\n|$)", re.IGNORECASE)
_RULE = re.compile(
    r"\b(?:same|next)[ \t-]day\b|\b(?:working|business)[ \t]+days?\b|\borders?[ \t]+(?:placed|received|made)\b|"
    r"\b(?:open|opening|hours|lines|service|usual|usually|normal|normally|always|terms|after|reception|helpdesk|"
    r"check-?in|check-?out|mon|tue|wed|thu|fri|sat|sun)\b",
    re.IGNORECASE,
)


class OfToday(Enum):
    """What the sentence before says of today."""

    NO = "nothing"
    DAY = "the day"
    EVENT = "something is on"
    LAST = "the last time"


@dataclass(frozen=True, slots=True)
class Before:
    """The sentence before another one."""

    words: str
    start: int
    end: int

    def of(self, text: str, at: int) -> OfToday:
        """What it says of today to a sentence that begins at an offset."""
        asked = text[self.end - 1 : self.end + 1].strip()[-1:] == "?"
        between = text[self.end : at]
        if asked or (between.strip(" \t\n.!…") and len(between) > 1):
            return OfToday.NO
        plain = self.words.rstrip(" \t.!:…").strip()
        beyond = "\n" in between
        if _THE_DAY.search(plain) and not beyond:
            return OfToday.DAY
        if (beyond and len(plain) > _SHORT) or not 3 < len(plain) <= 2 * _SHORT:
            return OfToday.NO
        limit = (len(plain), len(plain))
        if _LAST.search(plain) and not told(plain, limit, len(plain)):
            return OfToday.LAST
        event = _EVENT.search(plain) and not beyond and not told(plain, limit, len(plain))
        return OfToday.EVENT if event else OfToday.NO


def goes_on(before: str) -> bool:
    """Whether a sentence, up to its hour, goes on with what the one before it speaks of."""
    return _GOES_ON.match(before) is not None


def last_said(words: str) -> bool:
    """Whether a stretch of a sentence says that today is the last day of something."""
    return _LAST.search(words) is not None


def is_last(text: str, end: int) -> bool:
    """Whether "today only" stands behind a sentence that ends there."""
    return _LAST_BEHIND.match(text, end - (text[end - 1 : end] == "!")) is not None


def is_rule(words: str) -> bool:
    """Whether a sentence is of every day, or of when somebody can be reached."""
    return _RULE.search(words) is not None
