"""Whether a sentence with an hour of today speaks of another day, of what has been, of a rule, or of what may be."""

from __future__ import annotations

import re

from presend_checks.timing._named import days_named

_RULE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days|(?:mon|tues?|wed|thurs?|fri|sat|sun)[ \t]*(?:-|–|to)[ \t]*"
    r"(?:mon|tues?|wed|thurs?|fri|sat|sun)|daily|weekdays?|weekends|"
    r"(?:every|each|any)[ \t]+(?:single[ \t]+)?(?:day|morning|evening|week|night)|midnight|1[0-9]\d\d|"
    r"last[ \t]+(?:week|night|year|month))\b",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r"\b(?:tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next[ \t]+(?:week|month|day)|weekend|"
    r"morgen|gestern)\b",
    re.IGNORECASE,
)
_OR_THEN = re.compile(
    r"[ \t]*(?:,|or\b|and\b|&|/|–|-|to\b|until\b|und\b|oder\b|bis\b)?[ \t]*(?:(?:on|by|next|this)[ \t]+)?$",
    re.IGNORECASE,
)
"""Between today, or its hour, and another day that is meant as well."""
_PAST = re.compile(
    r"\b(?:was|were|had|(?:has|have)(?![ \t]+to\b|[ \t]+(?:only[ \t]+)?(?:(?:un)?till?|the|a|an|your|our|lunch|breakfast|it|"
    r"them|fun)\b)|been|did|didn['’]t|wasn['’]t|weren['’]t|"
    r"sat|stood|ran|began|went|came|rang|took|gave|said|wrote|spoke|fell|rose|saw|"
    r"(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bget )(?<!\bgets )(?<!['’]s )(?<!['’]re )"
    r"(?:kept|slept|got(?![ \t]+(?:until|till|to)\b)|won(?!['’]t)|met|told|sent|sold|made(?![ \t]+(?:before|by)\b)|"
    r"held|broke|found|lost)|"
    r"missed|sorry|thanks|thank|enjoyed|since|"
    r"as[ \t]+(?:of|at)|"
    r"(?:we|i|they|he|she|it|you|who|that|which|all)[ \t]+(?:(?!need)\w+ed|left|hit))\b|"
    r"['’]ve[ \t](?!got\b|only[ \t]+got\b)",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\b(?:recording|replay|recap|highlights)\b", re.IGNORECASE)
_SAYS = re.compile(r",[ \t]*(?:says|say|goes|reads)\b", re.IGNORECASE)
_DID = re.compile(
    r"(?P<be>\b(?:is|are|be|being|get|gets|you|not)[ \t]+|['’](?:s|re)[ \t]+)?\b(?!need|speed|feed|seed|bed|red|"
    r"wed|limited|hundred)\w{2,}ed\b"
    r"(?=[ \t]*(?:[.,!;)]|$|(?:at|in|on|from|to|for|the|our|your|a|an|my|this|today|up|out|over|down|with|us|"
    r"it|all|more)\b|\d))",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    r"\b(?:if|whether|imagine|suppose|whenever|unless|once)\b|\bnot[ \t]+(?:today|at)\b",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\bif[ \t]+you(?:['’](?:d|re)(?:[ \t]+like)?)?(?=[ \t]+(?!\w+ed\b|had\b|have\b|got\b|never\b|not\b)\w)"
    r"|\b(?:if|unless|once)\b(?=[^,;:]*,)",
    re.IGNORECASE,
)
"""What depends on the reader, or has an end before the hour by which something is to be done."""
_UNTIL = re.compile(r"[ \t]*(?:(?:today|tonight)[ \t,]*)?(?:until|till|['’]til)\b", re.IGNORECASE)
_NO_LIMIT = re.compile(
    r"(?:\b(?:no|not|never|without|instead[ \t]+of|rather[ \t]+than|no[ \t]+longer|used[ \t]+to)\b|n['’]t\b)[^,;:!–—]*$"
    r"|\b(?:meant|supposed|due)[ \t]+to\b",
    re.IGNORECASE,
)
"""Before an hour by which nothing has to be done."""
_GETS = re.compile(r"\b(?:get|have|need|want|keep|leave)[ \t]+(?:[\w'’-]+[ \t]+){1,4}$", re.IGNORECASE)
"""Before what is to be done, and is not told: "get those onions chopped"."""
_NOT_DONE = re.compile(
    r"\bnot[ \t]+(?:yet[ \t]+)?[\w-]+(?:[ \t]+(?:up|in|out|off|over|back|to[ \t]+us|with[ \t]+us|online))?[ \t]+$",
    re.IGNORECASE,
)
"""Before an hour by which it has to be done: "orders not paid by noon today will be released"."""
_LOST = re.compile(
    r"[ \t,]*(?:will|won['’]t|would|are|is|goes|go|gets?|may|can|cannot|can['’]t|returns?|expires?|becomes?)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:\bthere['’](?:s|ll[ \t]+be)|\bthere[ \t]+(?:is|are|will[ \t]+be)|\bwe(?:['’]ll[ \t]+have|"
    r"[ \t]+(?:will[ \t]+)?have)|^\W*(?:sorry,?[ \t]+)?)[ \t]*no\b[^,;:!–—]*$",
    re.IGNORECASE,
)
"""Before an hour until which there is none of something."""
_SHUT = re.compile(
    r"\b(?:closed|shut|down|unavailable|away|offline|out[ \t]of[ \t]office)\b[^.!?\n]{0,30}\b(?:until|till)\b",
    re.IGNORECASE,
)


def told(words: str, limit: tuple[int, int] | None) -> bool:
    """Whether the hour of a sentence ends or begins nothing for the reader of the day.

    `limit` is where an hour stands with its word for today by which the reader is to do something, if there is one:
    then other days are those of what follows from it, and "if you" leaves it to the reader.
    """
    if limit is not None:
        done = _NOT_DONE.search(words, 0, limit[0]) if _LOST.match(words, limit[1]) else None
        if done is not None:
            words = words[: done.start()] + " " * (done.end() - done.start()) + words[done.end() :]
        none_until = _UNTIL.match(words, limit[0]) and _NONE.search(words, 0, limit[0])
        if _NO_LIMIT.search(words[: limit[0]]) and not none_until:
            return True
        # A condition behind it leaves the hour as it is.
        before, behind = _IF.sub(_blank, words[: limit[0]]), words[limit[1] :].replace(" if ", "    ")
        within = _IF.sub(_blank, words[limit[0] : limit[1]])
        words = _without_consequences(before + within + behind, limit)
    elif _AFTERWARDS.search(words):
        return True
    if limit is None and _SHUT.search(words):
        return True
    if _SAYS.search(words) or any(found.search(words) for found in (_RULE, _OTHER_DAY, _PAST, _PERHAPS)):
        return True
    if any(not found["be"] and not _GETS.search(words, 0, found.start()) for found in _DID.finditer(words)):
        return True
    return any(named.when is not None for _at, named in days_named(words, 0, len(words)))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _without_consequences(words: str, limit: tuple[int, int]) -> str:
    """A sentence with blanks for the days that are not named in one breath with its hour of today."""
    start, end = limit
    spans = [found.span() for found in _OTHER_DAY.finditer(words)]
    spans += [(at, at + named.length) for at, named in days_named(words, 0, len(words)) if named.when is not None]
    out = words
    for low, high in spans:
        joined = _OR_THEN.match(words[end:low]) if low >= end else _OR_THEN.match(words[high:start])
        if joined is None and not (start < high and low < end):
            out = out[:low] + " " * (high - low) + out[high:]
    return out
