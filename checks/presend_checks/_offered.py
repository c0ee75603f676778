"""What an offer is, and when words that look like one are none: denied, past, a prize, a reward; shared by families."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from presend_checks._amounts import Amount

REACH = 160
"""Characters before and behind an offer in which its sentence is looked at."""
MOST = 500
"""Places of one sort that are looked at in one text; what has more of them is a list of prices."""
_PLAIN = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " "})
_STOP = re.compile(r"(?<!\brs)[.!?\u2026]+(?=[\s\"'\u201d)]|$)|[;\n\r\u2022|]", re.IGNORECASE)


class Bound(Enum):
    """Whether an amount is what it says, or the most or the least of several."""

    EXACT = "exact"
    MOST = "most"
    LEAST = "least"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that is taken off or given."""

    start: int
    end: int
    keys: frozenset[str]
    """The same for the same offer in other words: `20%`, `£5`, `3 for 2`, `free delivery`; a cut price has several."""
    amount: Amount | None = None
    """What is taken off, where that is one amount."""
    bound: Bound = Bound.EXACT
    sure: bool = True
    """False where it may always be so, and be no offer of the day."""


FOR_NOW = re.compile(
    r"\b(?:today|tonight|tomorrow|until|till|only|codes?|weekends?|this (?:week|month|year|half|term|spring|summer"
    r"|autumn|winter|season|holiday|easter|christmas)|now|ends?|hours?|midnight|noon|day|days|black friday|half[- ]term"
    r"|january|february|march|april|june|july|august|september|october|november|december|(?:in|this|all) may"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
"""In the sentence of something that is given for a time."""
_DENIED = re.compile(
    r"(?:\b(?:no(?! (?:code|catch|strings|minimum|need|coupon|voucher|fuss|joke|kidding|better|time|matter|reason))"
    r"|not(?! (?:only|just|one))|(?<!now or )never(?! (?:better|too))|without|nobody|neither|nor|instead of"
    r"|rather than)\b"
    r"|(?<!why don't)(?<!why not)(?:n't|\bdo not|\bcannot)\b(?! (?:you|miss|forget|wait|let|delay|hang|sleep|pass)))"
    r"[^,;:\u2013\u2014]{0,45}$|\b(?:if only|i wish|we wish|could give)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were)\b[^,;:]{0,30}$|(?<!in case you )(?<!if you )\bmissed\b|\byesterday\b|\bused to\b|\bin (?:19"
    r"|20)\d\d\b"
    r"|\blast (?:week|month|year|weekend|spring|summer|autumn|winter|night|time|christmas|black friday|mail|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:'s)?\b|\bthank(?:s| you) for (?:using|redeeming|your)\b"
    r"|\byou(?:'ve| have)? saved\b|\b(?:how|why) (?:an?|the) |\b(?:history|psychology|story|theory) of\b"
    r"|\border (?:with|at)\b[^,]*$|^\W*why (?!not|don't|wait|pay|miss|spend|shop)"
    r"|\b(?:other|others|many|most|some|big) (?:shops|stores|brands|companies|sellers|retailers)\b|\bcompetitors\b"
    r"|\b(?:staff|employees|investors) (?:gets?|got|have|had)\b"
    r"|\bremember (?:our|the|when|that|last)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:ended|(?<!before it )(?<!until it )(?<!before this )(?<!until this )is over|are over|expired|is gone"
    r"|has finished|no longer|been shipped|was a success|has passed|sold out|(?:was|were|has been|have been) (?:used"
    r"|applied)|did you (?:use|like))\b",
    re.IGNORECASE,
)
_CHANCE = re.compile(
    r"\b(?:win(?!-| win)|winners?|prizes?|prize draw|draw|raffle|chance (?:of|to win)|lottery|sweepstakes?|giveaway)\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"\b(?:always|all[ -]year|year[ -]round|throughout the year|every day of the year|permanent(?:ly)?|at all times"
    r"|as a member|for life)\b",
    re.IGNORECASE,
)
_CIRCLES = re.compile(
    r"\b(?:students?|seniors?|pensioners?|oaps?|key workers?|nhs|teachers?|nurses|blue light|military|veterans"
    r"|concessions?"
    r"|unemployed)\b",
    re.IGNORECASE,
)
_FRIENDS = re.compile(
    r"\b(?:refer(?:ral|rals|red)?|recommend (?:us|a friend)|invite|tell a friend|your friends?|a friend (?:gets|and"
    r"|who))\b"
    r"|\bfor (?:them|each of you)\b",
    re.IGNORECASE,
)
"""In the line of a reward for bringing somebody, which stands in many a footer and is no offer of the day."""


def level(text: str) -> str:
    """The text, character for character, with straight apostrophes and plain blanks."""
    return text.translate(_PLAIN)


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind a stretch in its sentence, within reach."""
    before = text[max(0, start - REACH) : start]
    first = max((stop.end() for stop in _STOP.finditer(before)), default=0)
    behind = text[end : end + REACH]
    stop_behind = _STOP.search(behind)
    return before[first:], behind if stop_behind is None else behind[: stop_behind.start()]


def holds(text: str, start: int, end: int) -> bool:
    """Whether what looks like an offer is one: neither denied nor past, no prize, no standing term, no reward."""
    before, behind = around(text, start, end)
    whole = f"{before}{text[start:end]}{behind}"
    begin, close = text.rfind("\n", max(0, start - 500), start) + 1, text.find("\n", end, end + 500)
    line = text[max(begin, start - 500) : close if close >= 0 else end + 500]
    if _DENIED.search(before) or _PAST.search(before) or _OVER.search(behind):
        return False
    return not (_CHANCE.search(whole) or _ALWAYS.search(whole) or _FRIENDS.search(line))


def for_now(text: str, start: int, end: int) -> bool:
    """Whether it is given for a time, or with a code."""
    before, behind = around(text, start, end)
    return FOR_NOW.search(f"{before}{text[start:end]}{behind}") is not None


def for_everybody(text: str, start: int, end: int) -> bool:
    """Whether no circle of people is named that gets it on any day: students, pensioners."""
    before, behind = around(text, start, end)
    return _CIRCLES.search(f"{before}{behind}") is None
