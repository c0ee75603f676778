"""Hours of a day that is named by its date: "applications close on 15 October at noon"."""

from __future__ import annotations

import re

from presend_checks.timing._named import Named, days_named

_ON = re.compile(r"(?:\bon|\bof|\bam|\bvom)?[ \t]+(?:the[ \t]+|dem[ \t]+)?$", re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:by|until|till|before|no later than|bis|deadline|cut-?off|ends?|clos(?:e|es|ing)|expires?|shuts?|last orders|"
    r"join us|(?:webinar|meeting|class|talk|appointment|workshop|session|call)\b[^.!?\n]{0,40}"
    r"\b(?:is|starts|begins|takes place))\b",
    re.IGNORECASE,
)
"""What is over when its hour is."""
WORD = "today"
_TODAY = re.compile(r"\b(?:today|tonight|heute|this (?:morning|afternoon|evening))\b", re.IGNORECASE)


def as_today(words: str) -> tuple[str, int, Named] | None:
    """A sentence with "today" in the place of the only day in it, of the same length, where, and that day.

    None where it names no day by day and month, or several, or where nothing is over with its hour.
    """
    if not _CUE.search(words) or _TODAY.search(words):
        return None
    days = list(days_named(words, 0, len(words)))
    if len(days) != 1:
        return None
    at, named = days[0]
    if named.when is None or named.when[1] is None or named.length < len(WORD):
        return None
    lead = _ON.search(words[:at])
    start = lead.start() if lead and lead[0].strip() else at
    blanks = " " * (at - start)
    return words[:start] + blanks + WORD.ljust(named.length) + words[at + named.length :], at, named
