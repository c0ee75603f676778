"""Weekdays and dates that stand for the day of reading some words away: "It's Friday, and today we bake"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from presend_checks._lexicon import entries
from presend_checks._sparing import Sparing
from presend_checks.timing._days import HOUR, MOST, TAIL, Said, listed, offset
from presend_checks.timing._hailed import hailed
from presend_checks.timing._it_is import AROUND, IMAGINED, any_day, sentence, what_day
from presend_checks.timing._named import any_word, days_named, named_at, naming, weekday

_UNTIL = re.compile(r"\b(?:until|till|by)[ \t]+\Z", re.IGNORECASE)
_NO_EVENT = re.compile(
    r"\b(?:no|not|never|closed|cancel\w*|away|instead|except|miss\w*|thanks?|sorry|rescheduled|moved|postponed|delayed|was|"
    r"were|did|if|unless|until|till|since|from|by|before|ago|or|told|said|why|how|what|every|each|weekly|order|buy|"
    r"shop|register|sign|apply|subscribe|reply|call|pay|posted|sent|placed|booked|deliver\w*|ships?|dispatch\w*|"
    r"arrives?|holiday|off|shut|rain\w*|weather|snow\w*|wind\w*|forecast|strike)\b|(?<!\bdo)(?<!\bca)n['’]t\b",
    re.IGNORECASE,
)
"""Before a tomorrow on which nothing is, or nothing that goes on in the next sentence."""
_ANOTHER_DAY = re.compile(
    r"\b(?:instead|also|too|again|back|next|then|second|third|another|other|later|after\w*|repla\w+|record\w+|re-?open\w*|"
    r"returns?|every|each|last|past|previous|follow\w*|final|both|not|never|no|closed|if|unless|or|was|were|had|did|been|"
    r"weekly|missed|until|till|by|from|through|since|for|deliver\w*|ships?|order|results?|normal|usual)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Before a weekday that is another day than tomorrow."""
_CLOSED = re.compile(r"[ \t]*(?:[.!;:)|\n–—]|$)")
_ELSE_NAMED = re.compile(r"\b(?:order|book|tickets?|early|pre-?order|on sale|tomorrow)\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:today|tonight)[ \t]+(?:only|alone)\b|\b(?:only|just|valid|good|works?|for|ends?|"
    r"runs?)[ \t]+(?:only[ \t]+|just[ \t]+)?"
    r"(?:today|tonight)\b",
    re.IGNORECASE,
)
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
    for find in (hailed, what_day, _owned, _offered, _in_pieces, _come, _then):
        yield from find(text)


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
        elif (
            sign == "("
            or dated
            or (sign == "," and text[end : end + 1] == ",")
            or (found["word"] and sign not in ("on", ":") and _CLOSED.match(text, end))
        ):
            yield Said(found.start(), end, word, offset(word), named)


def _offered(text: str) -> Iterator[Said]:
    """An offer of a weekday that is today's: "Friday special, today only", "today's Friday deal"."""
    for found in _offer().finditer(text):
        last = min(sentence(text, found.start(), found.end())[1], found.end() + AROUND)
        only = _ONLY.search(text, found.end(), last)
        if only and not _NAME.search(text[max(0, found.start() - 12) : found.start()]):
            yield Said(found.start(), only.end(), "today", 0, weekday(found["name"]))
    for found in _only_today().finditer(text):
        own = _offer().match(text, found.start("name")) is None
        if own and not _ELSE_NAMED.search(text, found.end("name"), found.end()):
            yield Said(found.start("name"), found.end(), "today", 0, weekday(found["name"]))
    for found in _owned_offer().finditer(text):
        word = found["word"] or "today"
        yield Said(*found.span(), word, offset(word), weekday(found["name"] or found["bracketed"]))


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
        if found["here"] and found["here"] != "!" and found["lead"]:  # perhaps a name: "Flapjack Friday is here."
            continue
        word = found["word"] or "today"
        yield Said(found.start("name"), found.end(), word, offset(word), weekday(found["name"]))


def _then(text: str) -> Iterator[Said]:
    """The day of what is on tomorrow, some words behind: "Big day tomorrow: Friday is when we open"."""
    for found in _for_event().finditer(text):
        yield Said(found.start("word"), found.end(), found["word"], offset(found["word"]), weekday(found["name"]))
    for found in _titled().finditer(text):
        head = text[sentence(text, *found.span("word"))[0] : found.start("word")]
        asked = _ASKED_TO.search(head) or _UNTIL.search(head)
        if not asked and not _NAME.search(text[: found.start("name")][-12:]):
            yield Said(found.start("word"), found.end(), found["word"], offset(found["word"]), weekday(found["name"]))
    for found in _tomorrow_then().finditer(text):
        first = sentence(text, *found.span("word"))[0]
        head, mid = text[first : found.start("word")], found["mid"]
        if listed(text, found.end("name")) or _NO_EVENT.search(head) or _ANOTHER_DAY.search(f"{found['gap']} {mid}"):
            continue
        if next(days_named(head, 0, len(head)), None) is None:
            yield Said(found.start("word"), found.end("name"), found["word"], 1, weekday(found["name"]))


def together(text: str) -> Iterator[Said]:
    """A word for a day and one other day that one sentence names: perhaps the same.

    Only where that is true for the sender is it worth to be held against the days of others.
    """
    done = 0
    for word in islice(any_day().finditer(text), MOST):
        if word.start() < done:
            continue
        start, end = sentence(text, word.start(), word.end())
        done = end
        if _TOLD.search(text, start, end) or IMAGINED.match(text, start, end) or text[end : end + 1] == "?":
            continue
        said = _pair(text, start, end)
        if said is not None:
            yield said


def _pair(text: str, start: int, end: int) -> Said | None:
    """The one word for a day and the one day of a sentence."""
    words, others = list(any_day().finditer(text, start, end)), list(days_named(text, start, end))
    if len(others) != 1 or len({offset(found["word"]) for found in words}) != 1:
        return None
    at, named = others[0]
    behind = at + named.length
    before = text[max(start, at - 40) : at]
    if _ELSE.search(before) or _NAME.search(before) or listed(text, behind) or _ELSE_BEHIND.match(text, behind):
        return None
    word = min(words, key=lambda found: max(found.start() - behind, at - found.end()))
    low, high = min(at, word.start()), max(behind, word.end())
    if high - low > AROUND or (
        word.start() < at and _ASKED_TO.search(text[max(start, word.start() - 40) : word.start()])
    ):
        return None
    return Said(low, high, word["word"], offset(word["word"]), named)



# -- patterns


@cache
def _of_day() -> Sparing:
    return naming(
        r"(?<![\w'’-])(?:(?P<word>today|tonight|tomorrow|this (?:morning|evening|afternoon))['’]s"
        r"(?:[ \t]+[\w'’&-]{1,24}){1,4}"
        r"|[\w'’-]{1,24}[ \t]+of[ \t]+the[ \t]+day"
        r"|(?:(?<=^)|(?<=[.!?][ \t]))(?P<led>today|tonight|tomorrow)(?:[ \t]+[\w'’&-]{1,24}){1,4})"
        r"[ \t]*(?P<sign>[(,|–—:]|-(?=[ \t])|\bon\b)[ \t]*(?:the[ \t]+)?(?=[^\W_])",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _offer() -> Sparing:
    return naming(
        rf"\b(?P<name><weekdays>)(?:['’]s)?[ \t]+(?:[\w-]+[ \t]+){{0,2}}"
        rf"{any_word(entries('timing', 'offers'))}s?\b",
    )


@cache
def _only_today() -> Sparing:
    return naming(
        r"(?:^|(?<=[.!?:][ \t]))(?:(?:your|the|our|this)[ \t]+)?(?P<name><weekdays>)[ \t]+[\w-]+"
        r"(?![\w'’])[^\n]{0,90}?\b(?:today[ \t]+only|only[ \t]+today)\b",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _owned_offer() -> Sparing:
    # In capitals it is a name: "today's Sunday Times".
    return naming(
        r"\b(?P<word>(?i:today|tonight|tomorrow))['’]s[ \t]+(?P<name>(?i:<weekdays>))[ \t]+"
        r"(?:(?i:night|morning|afternoon|evening|lunchtime)[ \t]+)?"
        r"(?!(?:and|or|but|so|to|is|at|on|in|with|for|from|has|was|that|which|when|because|already|again|unless|"
        r"after|before)\b)"
        r"[a-z][\w-]*|\btoday['’]s[ \t]+\((?P<bracketed>(?i:<weekdays>))\)",
        0,
    )


@cache
def _for_event() -> Sparing:
    return naming(
        r"\b(?:see|meet|join)[ \t]+(?:you|us)(?:[ \t]+\w+){0,3}?[ \t]+(?P<word>tomorrow|tonight)[ \t]+for[ \t]+"
        r"(?:our[ \t]+|the[ \t]+)?(?P<name><weekdays>)(?:['’]s)?[ \t]+(?-i:[a-z])",
    )


@cache
def _titled() -> Sparing:
    """A day and, behind a colon, what is on: "Tonight at 8: Friday jazz", "Today only: Friday flash sale"."""
    return naming(
        r"(?<![\w-])(?P<word>today|tonight|tomorrow)(?:['’]s[ \t]+the[ \t]+(?:big[ \t]+)?(?:day|night))?"
        r"(?:[ \t]+only|[ \t]+at[ \t]+[\d:.]+(?:[ \t]?[ap]m)?)?[ \t]*:[ \t]+(?:the[ \t]+|our[ \t]+|your[ \t]+)?"
        r"(?P<name><weekdays>)[ \t]+(?!(?:and|or|to|is|at|from|until|till|for)\b)(?=(?-i:[a-z]))",
    )


@cache
def _tomorrow_then() -> Sparing:
    day = r"(?P<name><weekdays>)\b(?!['’-])"
    hour = rf"[ \t]+(?:at|from)[ \t]+(?:half\b|{HOUR})"
    return naming(
        r"(?<![\w-])(?P<word>tomorrow)\b(?!['’-])(?P<gap>[^.!?:;\n]{0,60})(?:(?P<sign>[.!?])|[:;–—]|,[ \t]+so)[ \t]+"
        rf"(?P<mid>(?:[^.!?:;\n]{{0,60}}?[ \t])?(?:on|(?P<sees>see[ \t]+you(?:[ \t]+on)?)|you|that(?:['’]s|[ \t]+is))"
        rf"[ \t]+|){day}(?:{hour}|(?(sees)(?:,[ \t]*\d|(?(sign)(?!)|[ \t]*[.!]))|(?!))|"
        r"[ \t]+is[ \t]+(?:when|(?:the[ \t]+|our[ \t]+|your[ \t]+)?\w+[ \t]+day)\b|[ \t]+when[ \t]+the\b)",
    )


@cache
def _piece() -> Sparing:
    return naming(
        r"(?:\b(?:is|are|live|happening|begins?|starts?|on|opens?|it)|['’](?:s|re))[ \t]+(?P<word>today|tonight|"
        r"tomorrow|"
        r"this (?:evening|afternoon|morning))[ \t]*[.!][ \t]+(?:(?:that['’]s[ \t]+right|yes|yep|yup|exactly|"
        r"you[ \t]+(?:read|heard)[ \t]+(?:that|it|us)[ \t]+right)[,:!.–—-]?[ \t]+(?:this[ \t]+)?)?(?=[^\W_])",
    )


@cache
def _has_come() -> Sparing:
    return naming(
        r"(?:^|[.!?:,–—][ \t]+|\b(?:because|since|now[ \t]+that|and)[ \t]+)"
        r"(?P<lead>(?:the|our|this|[\w-]+s['’]|(?-i:[A-Z])[\w-]+)[ \t]+)?"
        r"(?P<name><weekdays>)"
        r"(?:[ \t]+(?:is[ \t]+(?:finally[ \t]+)?here|has[ \t]+(?:come|arrived))\b"
        r"(?:[ \t]*(?P<here>[!.,–—]|(?=\n)|$|and\b)|(?=[^.!?\n]{0,80}\b(?:today|tonight)\b))"
        r"|(?:[ \t]+[\w-]+){0,2}[ \t]+(?:is|are)[ \t]+(?:on[ \t]+)?(?P<word>today|tonight|"
        r"tomorrow)\b(?!['’])(?!(?:[ \t]+\w+){0,6}[ \t]+"
        r"(?:instead|early|earlier|because|this[ \t]+week)\b)"
        r"|[:!][ \t]+(?P<other>today|tonight)\b(?!['’]))",
        re.IGNORECASE | re.MULTILINE,
    )

