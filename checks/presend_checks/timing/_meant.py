"""Weekdays and dates that stand for the day of reading some words away: "It's Friday, and today we bake"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from presend_checks._lexicon import entries
from presend_checks.timing._days import MOST, SUPPOSED, TAIL, Said, listed, offset
from presend_checks.timing._named import Named, any_word, days_named, folded, named_at, table

_AROUND = 120
"""Characters between a word for a day and the day that it may be said to be."""
_STOP = re.compile(r"[.!?…]+(?=[\s\"'”’)]|$)|\n")
_IMAGINED = re.compile(
    r"\W*(?:imagine|picture|suppose|pretend|if|when|whenever|what if|remember|once|wish|should|until)\b", re.IGNORECASE
)
_FOLLOWS = re.compile(
    r"[ \t]*(?:[.,;:!)|\n–—]|-[ \t]|$|(?:and|so|but|again|today|morning|afternoon|evening|night|at|which|"
    r"here)\b)",
    re.IGNORECASE,
)
_STANDS = re.compile(
    r"[ \t]*(?:again\b[ \t]*)?(?:[.,!:–—]|-[ \t]|\n|$|and\b|so\b)[ \t]*(?:and\b|so\b)?[ \t]*",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"[ \t]+again\b", re.IGNORECASE)
_STORY = re.compile(
    r"(?:you\b|I\b|he\b|she\b|they\b|it\b|every\w+|no\w*\b|some\w*\b|the\b|your alarm|my\b|his\b|her\b|mum|dad|\d)",
    re.IGNORECASE,
)
"""Behind "It's Monday, and": a scene is set, and nobody says that it is Monday."""
_BESIDE = re.compile(r"[ \t]+(?:today|tonight)\b", re.IGNORECASE)
_CLOSED = re.compile(r"[ \t]*(?:[.!;:)|\n–—]|$)")
_ONLY = re.compile(
    r"\b(?:today|tonight)[ \t]+(?:only|alone)\b|\b(?:only|just|valid|good|works?|for|ends?|"
    r"runs?)[ \t]+(?:only[ \t]+|just[ \t]+)?"
    r"(?:today|tonight)\b",
    re.IGNORECASE,
)
_TODAYS = re.compile(r"\b(?:today|tonight)['’]s[ \t]+\Z", re.IGNORECASE)
_HOUR_BEHIND = re.compile(
    r"[ \t]*(?:,?[ \t]*(?:at[ \t]+)?\d|,?[ \t]+(?:at[ \t]+)?(?:noon|midnight)|[.!\n]|$)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b(?:black|cyber|good|giving|easter|holy|palm|super|ash|fat|shrove|casual|ruby|freaky|man|sheffield|"
    r"maundy)[ \t]+$",
    re.IGNORECASE,
)
"""Before a weekday that is part of a name, and may be said of any day."""
_ELSE = re.compile(
    r"\b(?:every|each|next|last|past|previous|coming|any|other|for|by|until|till|before|since|after|through|"
    r"thru|to|or|and|"
    r"ends?|ending|starts?|starting|begins?|opens?|closes?|expires?|arrives?|arriving|returns?|"
    r"from|not|than|unlike|on|feels? like|as|like|of|until|between|whether|miss|watch)[ \t]+(?:the[ \t]+|a[ \t]+)?$",
    re.IGNORECASE,
)
_ELSE_BEHIND = re.compile(
    r"[ \t]*(?:deliver\w*|onwards?|to|through|until|thru|or|will|tours?|tickets?|trips?|post|times|club|"
    r"company)\b|[ \t]*[–-][ \t]*\d",
    re.IGNORECASE,
)
"""Beside a weekday that is another day, or any."""
_TOLD = re.compile(
    r"\b(?:was|were|had|did|ago|since|told|wrote|said|left|born|founded|announced|opened|placed|posted|joined|"
    r"ordered)\b",
    re.IGNORECASE,
)
_ASKED_TO = re.compile(
    r"\b(?:order|buy|book|shop|reply|register|sign up|apply|call|act|start|save|pay|plan|renew|join|subscribe|"
    r"get|pledge|"
    r"confirm|tell|do|enrol|enroll|visit|give|reserve|download|lock in|come|pop in|grab|schedule|"
    r"request)\b[^,;:!?]{0,24}$",
    re.IGNORECASE,
)
"""Before a day on which something is asked for; a weekday behind it is of what is asked for."""


def meant(text: str) -> Iterator[Said]:
    """Days that are surely said to be the day of reading, or one as far from it as the word says."""
    yield from greetings(text)
    for find in (_stated, _owned, _offered, _in_pieces, _come):
        yield from find(text)


def greetings(text: str) -> Iterator[Said]:
    """A greeting of a weekday: "Happy Friday!", "It's Friday!"."""
    for found in _greeting().finditer(text):
        name = next(filter(None, found.groups()))
        yield Said(*found.span(), name, 0, Named(len(name), table("weekdays")[folded(name)]))


def _stated(text: str) -> Iterator[Said]:
    """What day it is: "It's Friday, and today we bake", "It's Friday 27 November."."""
    for found in islice(_it_is().finditer(text), MOST):
        named = named_at(text, found.end())
        if named is None or listed(text, end := found.end() + named.length):
            continue
        first, last = _sentence(text, found.start(), end)
        if SUPPOSED.search(text[max(0, found.start() - 24) : found.start()]) or text[last : last + 1] == "?":
            continue
        if _IMAGINED.match(text, first, last):
            continue
        near = _day_near(text, found.start(), end)
        beside = _BESIDE.match(text, end)
        end = beside.end() if beside else end
        stands = _STANDS.match(text, end)
        if near is not None and (found["ours"] or beside or _FOLLOWS.match(text, end)):
            yield Said(found.start(), end, near, 0, named)
        elif stands is not None and named.when is not None and not found["ours"]:
            yield Said(found.start(), end, found[0], 0, named)
        elif stands is not None and not found["ours"] and not _STORY.match(text, stands.end()):
            plain = not text[first : found.start()].strip(" \t.!?…–—-") and stands[0].strip(" \t") not in (
                "",
                ".",
                "\n",
                ":",
            )
            if found["lately"] or _AGAIN.match(text, end) or plain:
                yield Said(found.start(), end, found[0], 0, named)


def _day_near(text: str, start: int, end: int) -> str | None:
    """A word for today in the same line, before or soon after."""
    low = max(0, start - _AROUND)
    low = max(low, text.rfind("\n", low, start) + 1)
    for found in _any_day().finditer(text, low, min(len(text), end + _AROUND)):
        if "\n" not in text[end : found.start()] and offset(found["word"]) == 0:
            return found["word"]
    return None


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a stretch begins and where its last sign stands."""
    first = max(0, start - 2 * _AROUND)
    for stop in _STOP.finditer(text, first, start):
        first = stop.end()
    behind = _STOP.search(text, end, end + 2 * _AROUND)
    return first, behind.start() if behind else min(len(text), end + 2 * _AROUND)


def _owned(text: str) -> Iterator[Said]:
    """What is of the day, and the day behind it: "today's workshop (Friday)", "the deal of the day, 27 November"."""
    for found in _of_day().finditer(text):
        named = named_at(text, found.end())
        if named is None or listed(text, end := found.end() + named.length):
            continue
        if not TAIL.match(text, end) and (named.when is None or named.weekday is None):
            continue
        word, sign = found["word"] or found["led"] or "today", found["sign"].strip().casefold()
        dated = named.when is not None and (named.weekday is not None or sign != "on")
        if found["led"]:
            if sign == ":" and named.weekday is not None and named.when is not None and named.when[0] is None:
                yield Said(found.start(), end, word, offset(word), named)
        elif sign == "(" or dated or (found["word"] and sign not in ("on", ":") and _CLOSED.match(text, end)):
            yield Said(found.start(), end, word, offset(word), named)


def _offered(text: str) -> Iterator[Said]:
    """An offer of a weekday that is today's: "Friday special, today only", "today's Friday deal"."""
    for found in _offer().finditer(text):
        last = min(_sentence(text, found.start(), found.end())[1], found.end() + _AROUND)
        owned = _TODAYS.search(text[max(0, found.start() - 12) : found.start()])
        only = _ONLY.search(text, found.end(), last)
        if (owned or only) and not _NAME.search(text[max(0, found.start() - 12) : found.start()]):
            start = found.start() - len(owned[0]) if owned else found.start()
            yield Said(start, only.end() if only else found.end(), "today", 0, _weekday(found["name"]))


def _in_pieces(text: str) -> Iterator[Said]:
    """A day that begins the next sentence as if the last one had not ended: "We are live tonight! Friday, 8 pm"."""
    for found in _piece().finditer(text):
        named = named_at(text, found.end())
        if named is None or listed(text, end := found.end() + named.length):
            continue
        if _HOUR_BEHIND.match(text, end):
            yield Said(found.start("word"), end, found["word"], offset(found["word"]), named)


def _come(text: str) -> Iterator[Said]:
    """A weekday that has come, or that is the day: "Friday is here: the sale starts today", "Friday is tomorrow"."""
    for found in _has_come().finditer(text):
        if _NAME.search(text[max(0, found.start("name") - 12) : found.start("name")]):
            continue
        word = found["word"] or "today"
        yield Said(found.start("name"), found.end(), word, offset(word), _weekday(found["name"]))


def together(text: str) -> Iterator[Said]:
    """A word for a day and one other day that one sentence names: perhaps the same.

    Only where that is true for the sender is it worth to be held against the days of others.
    """
    done = 0
    for word in islice(_any_day().finditer(text), MOST):
        if word.start() < done:
            continue
        start, end = _sentence(text, word.start(), word.end())
        done = end
        if _TOLD.search(text, start, end) or _IMAGINED.match(text, start, end) or text[end : end + 1] == "?":
            continue
        said = _pair(text, start, end)
        if said is not None:
            yield said


def _pair(text: str, start: int, end: int) -> Said | None:
    """The one word for a day and the one day of a sentence."""
    words, others = list(_any_day().finditer(text, start, end)), list(days_named(text, start, end))
    if len(others) != 1 or len({offset(found["word"]) for found in words}) != 1:
        return None
    at, named = others[0]
    behind = at + named.length
    before = text[max(start, at - 40) : at]
    if _ELSE.search(before) or _NAME.search(before) or listed(text, behind) or _ELSE_BEHIND.match(text, behind):
        return None
    word = min(words, key=lambda found: max(found.start() - behind, at - found.end()))
    low, high = min(at, word.start()), max(behind, word.end())
    if high - low > _AROUND or (
        word.start() < at and _ASKED_TO.search(text[max(start, word.start() - 40) : word.start()])
    ):
        return None
    return Said(low, high, word["word"], offset(word["word"]), named)


def _weekday(name: str) -> Named:
    return Named(len(name), table("weekdays")[folded(name)])


# -- patterns


@cache
def _any_day() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<word>{any_word(table('days'))})(?![\w-])", re.IGNORECASE)


@cache
def _it_is() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:(?:it|this)(?:[ \t]+is|['’]s)|today['’]s)[ \t]+(?:(?P<lately>already|finally|officially|at last)[ \t]+"
        r"|(?P<ours>our|another|the[ \t]+(?:first|second|third|fourth|last))[ \t]+"
        r"|(?:an?|now|only|just|still)[ \t]+)?(?=[^\W_])",
        re.IGNORECASE,
    )


@cache
def _of_day() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w'’-])(?:(?P<word>today|tonight|tomorrow|this (?:morning|evening|afternoon))['’]s"
        r"(?:[ \t]+[\w'’&-]{1,24}){1,4}"
        r"|[\w'’-]{1,24}[ \t]+of[ \t]+the[ \t]+day"
        r"|(?:(?<=^)|(?<=[.!?][ \t]))(?P<led>today|tonight|tomorrow)(?:[ \t]+[\w'’&-]{1,24}){1,4})"
        r"[ \t]*(?P<sign>[(,|–—:]|-(?=[ \t])|\bon\b)[ \t]*(?:the[ \t]+)?(?=[^\W_])",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _offer() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?P<name>{any_word(table('weekdays'))})(?:['’]s)?[ \t]+(?:[\w-]+[ \t]+){{0,2}}"
        rf"{any_word(entries('timing', 'offers'))}s?\b",
        re.IGNORECASE,
    )


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(
        r"(?:\b(?:is|are|live|happening|begins?|starts?|on|opens?|it)|['’](?:s|re))[ \t]+(?P<word>today|tonight|"
        r"tomorrow|"
        r"this (?:evening|afternoon|morning))[ \t]*[.!][ \t]+(?:(?:that['’]s[ \t]+right|yes|yep|yup|exactly|"
        r"you[ \t]+(?:read|heard)[ \t]+(?:that|it|us)[ \t]+right)[,:!.–—-]?[ \t]+(?:this[ \t]+)?)?(?=[^\W_])",
        re.IGNORECASE,
    )


@cache
def _has_come() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[.!?][ \t]+)(?:(?:the|our|this|[\w-]+s['’]|[A-Z][\w-]+)[ \t]+)?(?P<name>{any_word(table('weekdays'))})"
        r"(?:[ \t]+(?:is[ \t]+(?:finally[ \t]+)?here|has[ \t]+(?:come|arrived))\b"
        r"(?:[ \t]*!|(?=[^.!?\n]{0,80}\b(?:today|tonight)\b))"
        r"|(?:[ \t]+[\w-]+){0,2}[ \t]+(?:is|are)[ \t]+(?:on[ \t]+)?(?P<word>today|tonight|"
        r"tomorrow)\b(?!['’])(?!(?:[ \t]+\w+){0,6}[ \t]+"
        r"(?:instead|early|earlier|because|this[ \t]+week)\b)"
        r"|[:!][ \t]+(?P<other>today|tonight)\b(?!['’]))",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _greeting() -> re.Pattern[str]:
    day = f"({any_word(table('weekdays'))})"
    return re.compile(
        rf"\bhappy[ \t]+{day}\b(?!['’\w-])"
        r"|(?:^|(?<=[.!?,–—][ \t]))"
        r"(?:(?:at[ \t]+last|finally|hooray|hurrah|yay|phew|guess[ \t]+what|yes|and)[,!:]?[ \t]+)?"
        rf"(?:it(?:[ \t]+is|['’]s)|finally)[ \t]+{day}"
        r"(?:[ \t]+(?:already|again|at[ \t]+last|everyone|everybody|folks|friends))?[ \t]*(?=!|\n|$)"
        r"|\b(?:(?:would|can|could)(?:n['’]t|[ \t]+not)?[ \t]+you[ \t]+believe|who[ \t]+knew|is[ \t]+it[ \t]+really)"
        rf"[ \t]+(?:that[ \t]+)?(?:it(?:[ \t]+is|['’]s)[ \t]+)?{day}(?:[ \t]+(?:already|again))?[ \t]*(?=[?!])",
        re.IGNORECASE | re.MULTILINE,
    )
