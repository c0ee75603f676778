"""Whether a sentence with an hour of today speaks of another day, of what has been, of a rule, or of what may be."""

from __future__ import annotations

import re

from presend_checks.timing._named import days_named

_RULE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days|(?:mon|tues?|wed|thurs?|fri|sat|sun)[ \t]*(?:-|–|to)[ \t]*"
    r"(?:mon|tues?|wed|thurs?|fri|sat|sun)|daily|weekdays?|weekends|"
    r"(?:every|each|any)[ \t]+(?:single[ \t]+)?(?:day|morning|evening|week|night)|midnight)\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?:1[0-9]\d\d|last[ \t]+(?:week|night|year|month))\b", re.IGNORECASE)
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
    r"\b(?:was|were|had|(?:has|have)(?![ \t]+to\b|[ \t]+(?:only[ \t]+)?(?:(?:un)?till?|the|a|an|your|our|lunch|"
    r"breakfast|it|them|fun)\b|(?:[ \t]+\w+){1,4}[ \t]+left\b)|been|did|didn['’]t|wasn['’]t|weren['’]t|"
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
    r"(?P<be>\b(?:is|are|be|being|get|gets|you|not|the|an?|our|your|of|for|all|any)[ \t]+(?:\w+ly[ \t]+)?|"
    r"['’](?:s|re)[ \t]+)?\b(?!need|speed|feed|seed|bed|red|wed|shed|weed|indeed|limited|hundred)\w{2,}ed\b"
    r"(?=[ \t]*(?:[.,!;)]|$|(?:at|in|on|from|to|for|the|our|your|a|an|my|this|today|up|out|over|down|with|us|"
    r"it|all|more)\b|\d))",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    r"\b(?:if|whether|imagine|suppose|whenever|unless|once)\b|\bnot[ \t]+(?:today|at)\b",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\bif[ \t]+you(?:['’](?:d|re)(?:[ \t]+like)?)?(?=[ \t]+(?!\w+ed\b|had\b|have\b|got\b|never\b|not\b|left\b|were\b|"
    r"did\b|went\b|bought\b|made\b|paid\b|came\b)\w)|\b(?:if(?![ \t]+you\b)|unless|once)\b(?=[^,;:]*,)",
    re.IGNORECASE,
)
"""What depends on the reader, or has an end before the hour by which something is to be done."""
_UNLESS = re.compile(
    r"\b(?:if|unless)[ \t]+(?:we|you)[ \t]*(?:(?:do|have|did)(?:n['’]t|[ \t]+not))\b(?=[^,;:.!?]*$)", re.IGNORECASE
)
"""Before an hour by which something must have been done: "if we do not hear from you by noon today"."""
_MOVED = re.compile(
    r"\b(?:(?:has|have|is|was)[ \t]+(?:now[ \t]+)?been[ \t]+|is[ \t]+(?:now[ \t]+)?)?"
    r"(?:moved|brought|rescheduled|shifted|changed|put[ \t]+back|postponed|pushed|delayed)"
    r"(?:[ \t]+(?:up|back|forward))?[ \t]+(?:to|until|till)\b",
    re.IGNORECASE,
)
"""Before the new hour of something."""
_UNTIL = re.compile(r"[ \t]*(?:(?:today|tonight)[ \t,]*)?(?:until|till|['’]til)\b", re.IGNORECASE)
_IF_WITHIN = re.compile(
    r"\b(?:if|when|unless|once)\b(?=[^,;:]*,)|\b(?:if|when)[ \t]+you\b[^,;:.!?]*", re.IGNORECASE
)
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


def told(words: str, limit: tuple[int, int] | None, upto: int) -> bool:
    """Whether the hour of a sentence ends or begins nothing for the reader of the day.

    `upto` is the end of the clause with the hour: what is told behind it does not touch it. `limit` is where an hour
    stands with its word for today by which the reader is to do something, if there is one: then other days are those
    of what follows from it, and "if you" leaves it to the reader.
    """
    if limit is None:
        if _AFTERWARDS.search(words[:upto]) or _SHUT.search(words):
            return True
    elif (plain := _of_limit(words, limit)) is None:
        return True
    else:
        words = plain
    clause, years = words[:upto], words[: limit[1] if limit else upto]
    if any(found.search(words) for found in (_SAYS, _OTHER_DAY, _RULE)):
        return True
    if _YEARS.search(years) or any(found.search(clause) for found in (_PAST, _PERHAPS)):
        return True
    if any(not found["be"] and not _GETS.search(clause, 0, found.start()) for found in _DID.finditer(clause)):
        return True
    return any(named.when is not None for _at, named in days_named(words, 0, len(words)))


def _of_limit(words: str, limit: tuple[int, int]) -> str | None:
    """A sentence with an hour by which something is to be done, with blanks for what leaves that hour as it is.

    None where nothing has to be done by then.
    """
    low, high = limit
    gone = [_UNLESS.search(words, 0, low), _MOVED.search(words, 0, high)]
    gone += [_NOT_DONE.search(words, 0, low) if _LOST.match(words, high) else None]
    for found in filter(None, gone):
        words = words[: found.start()] + _blank(found) + words[found.end() :]
    none_until = _UNTIL.match(words, low) and _NONE.search(words, 0, low)
    if _NO_LIMIT.search(words[:low]) and not none_until:
        return None
    # A condition behind it leaves the hour as it is.
    before, behind = _IF.sub(_blank, words[:low]), words[high:].replace(" if ", "    ")
    return _without_consequences(before + _IF_WITHIN.sub(_blank, words[low:high]) + behind, limit)


def moved_to(before: str) -> bool:
    """Whether words say that something has been moved to what follows them."""
    return any(not before[found.end() :].strip() for found in _MOVED.finditer(before))


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
