"""Days of one event that two sentences, or a heading and its line, name: "The fair is tomorrow! See you on Friday."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from presend_checks.timing._days import MOST, Said, event_nouns, listed, offset, words_of
from presend_checks.timing._named import Named, days_named, named_at

_HEADING = 80
"""Characters of a line that may be a heading, and of a sentence's part before its day."""
_LINE = 200
"""Characters of a sentence that is looked at."""
_STOP = re.compile(r"(?<!\ba\.m)(?<!\bp\.m)[.!?…]+(?=[\s\"'”’)]|$)|\n")
_W = "\x00"
"""Stands for the word for a day in a sentence."""
_SEES = (
    r"(?:we(?:['’]ll|[ \t]+will|[ \t]+(?:can['’]t|cannot)[ \t]+wait[ \t]+to|[ \t]+(?:hope|would[ \t]+love|"
    r"['’]d[ \t]+love)"
    r"[ \t]+to|['’]d[ \t]+love[ \t]+to|[ \t]+(?:are[ \t]+|['’]re[ \t]+)?look(?:ing)?[ \t]+forward[ \t]+to|"
    r"['’]re[ \t]+looking[ \t]+forward[ \t]+to)?"
    r"[ \t]+)?(?:see|seeing|meet|meeting|welcome|welcoming)[ \t]+you(?:[ \t]+(?:all|there|then|both|soon))?|"
    r"join[ \t]+us|come[ \t]+(?:along|by|down|over|round|and[ \t]+join[ \t]+us)|meet[ \t]+us|find[ \t]+us"
)
_AGREES = (
    r"be[ \t]+there|(?:mark|save)[ \t]+(?:it|your[ \t]+calendars?|your[ \t]+diar(?:y|ies)|the[ \t]+date)|"
    r"set[ \t]+(?:your|an)[ \t]+alarms?"
)
_BEGINS = (
    r"(?:(?:it|we|the[ \t]+fun|everything|proceedings)(?:[ \t]+all)?[ \t]+)?(?:starts?|begins?|kicks?[ \t]+off|"
    r"goes[ \t]+live|go[ \t]+live)|(?:the[ \t]+)?(?:doors|gates)(?:[ \t]+(?:will[ \t]+)?open)?|kick-?[ \t]?off|"
    r"(?:starting|beginning|start[ \t]+time)|when|date|date[ \t]+and[ \t]+time|day"
)
_IT_IS = (
    r"it(?:['’]s|[ \t]+is|[ \t]+takes[ \t]+place|[ \t]+happens|[ \t]+will[ \t]+(?:be|take[ \t]+place))|"
    r"(?:your[ \t]+)?appointment|time|we(?:['’]re|[ \t]+are|[ \t]+will[ \t]+be|['’]ll[ \t]+be)[ \t]+(?:there|live)"
)
_OF_EVENT = re.compile(
    rf"\W*(?:(?:and|so|please|do)[ \t]+)?(?:(?P<sees>{_SEES})|{_AGREES}|{_BEGINS}|{_IT_IS})\b", re.IGNORECASE
)
_OF_START = re.compile(rf"\W*(?:(?:and|so)[ \t]+)?(?:{_AGREES}|{_BEGINS})\b", re.IGNORECASE)
_OF_END = re.compile(
    r"\W*(?:so[ \t]+)?(?:you(?:[ \t]+(?:still[ \t]+)?have|['’]ve[ \t]+got)[ \t]+(?:only[ \t]+)?(?:until|till)|"
    r"(?:shop|order|book|act|buy|save|claim|grab|get|sign[ \t]+up|register|enrol|enroll|join|renew|apply|use)\b"
    r"(?:[ \t]+(?:now|yours|it|in|online|your[ \t]+\w+))?[ \t]+(?:before|by|until|till)|"
    r"it(?:[ \t]+all)?[ \t]+(?:ends|closes|expires|stops|finishes|is[ \t]+over)|(?:valid|open|available|"
    r"live)[ \t]+until|"
    r"ends|closes|(?:the[ \t]+)?deadline(?:[ \t]+is)?|after)\b[: \t]*(?:on[ \t]+)?$",
    re.IGNORECASE,
)
_ANY_START = re.compile(
    r"\b(?:is|starts?|begins?|kicks?[ \t]+off|opens?|open|takes[ \t]+place|happens|goes[ \t]+live|go[ \t]+live)"
    r"[ \t]+(?:(?:at[ \t]+)?[\d:.]+[ \t]?(?:[ap]\.?m\b\.?)?[ \t]+)?(?:on[ \t]+|this[ \t]+)?$",
    re.IGNORECASE,
)
_ANY_END = re.compile(
    r"\b(?:ends?|clos(?:e|es)|expires?|finish(?:es)?|shuts?|stops?|is[ \t]+over)"
    r"[ \t]+(?:(?:at[ \t]+)?[\d:.]+[ \t]?(?:[ap]\.?m\b\.?)?[ \t]+)?(?:on[ \t]+|this[ \t]+)?$",
    re.IGNORECASE,
)
"""What ends in this way is followed by the day."""
_ELSE = re.compile(
    r"\b(?:instead|also|too|again|back|next|then(?![ \t]*[.!])|second|third|another|other|later|afterwards|replays?|"
    r"recordings?|re-?open\w*|returns?|every|each|last|past|previous|follow\w*|final(?:s|e)|also|both|not|never|no|"
    r"full[ \t]+price|regular[ \t]+price|if|unless|or|was|were|had|did|been|series|weekly|missed)\b"
    r"|n['’]t\b(?![ \t]+wait\b)",
    re.IGNORECASE,
)
"""In the second sentence: it is of something else."""
_OFF = re.compile(
    r"\b(?:no|not|never|closed|cancel\w*|away|instead|except|missed|miss(?=[ \t]+(?:it|us)\b)|thanks?|sorry|"
    r"rescheduled|moved|postponed|"
    r"delayed|was|were|had|did|been|if|unless|until|till|since|from|ago|or|told|said|wrote|why|how|what|imagine|"
    r"when(?!:)|every|each|series|weekly|first|opening|one[ \t]+of|part|session[ \t]+(?:one|1)|"
    r"day[ \t]+(?:one|1)|round)\b"
    r"|(?<!\bdo)n['’]t\b|\b(?:tickets?|regist\w+|bookings?|sign-?ups?|rsvps?|enrol\w*|poll|voting|replay|"
    r"recording|results|"
    r"newsletter|issue|episode|article|post|story|recipe|parcel|order|delivery|shipment|payment|invoice|doors|rain|"
    r"weather)\b(?=[^.!?]*(?:\bis\b|\bare\b)[ \t]+(?:\w+[ \t]+){0,2}\x00)",
    re.IGNORECASE,
)
"""In the first sentence: nothing is on that day, or only what comes before it."""
_LEAD = (
    r"\W*(?:(?:hi|hello|hey|psst|remember|(?:just[ \t]+)?(?:a[ \t]+)?(?:quick[ \t]+|friendly[ \t]+|"
    r"gentle[ \t]+)?reminder"
    r"(?:[ \t]+that)?|don['’]t[ \t]+(?:forget|miss[ \t]+(?:it|out))(?:[ \t]+that)?|heads[ \t]+up|good[ \t]+news|"
    r"(?:last|final)[ \t]+(?:call|chance|reminder)|(?:hi|hello|dear)[ \t]+\w+|this[ \t]+is[ \t]+it|yes|and|but|so)"
    r"(?:[ \t]*[:,!–—-]|(?=[ \t]))[ \t]*)?"
)
_BARE = re.compile(
    rf"{_LEAD}(?:(?:it|this|the[ \t]+(?:big[ \t]+)?(?:day|night|moment))(?:['’]s|"
    rf"[ \t]+is)[ \t]+(?:(?:finally|almost|all)"
    rf"[ \t]+)?(?:happening[ \t]+)?{_W}|{_W}(?:['’]s|[ \t]+is)[ \t]+(?:finally[ \t]+)?(?:the|our|"
    rf"your)[ \t]+(?:big[ \t]+|great[ \t]+)?"
    rf"(?:day|night|one)|(?:see[ \t]+you|happening|coming)[ \t]+{_W}|"
    rf"it(?:['’]s|[ \t]+is)[ \t]+the[ \t]+big[ \t]+(?:day|night)[ \t]+{_W}|"
    rf"we(?:['’]re|[ \t]+are)[ \t]+(?:(?:so|very|really|all)[ \t]+)?(?:excited|ready|set|counting[ \t]+down)"
    rf"[ \t]+(?:for|to)[ \t]+{_W})\W*$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    rf"{_LEAD}(?P<np>(?:the|our|your|this|my|[A-Z\d])[^,;:\x00]{{2,60}}?)[ \t]+(?:is|is[ \t]+(?:on|"
    rf"happening|held|coming[ \t]+up)|"
    rf"takes[ \t]+place|happens|plays?|sings?|meets?|"
    rf"will[ \t]+be(?:[ \t]+held)?)[ \t]+{_W}(?:[ \t]+[\w'’-]+){{0,6}}\W*$",
    re.IGNORECASE,
)
_STARTS = re.compile(
    rf"{_LEAD}(?P<np>[^,;:\x00]{{2,60}}?)[ \t]+(?:(?:are|['’]re|is)[ \t]+)?(?:starts?|begins?|"
    rf"kicks?[ \t]+off|opens?|launch(?:es|ing)?|"
    rf"go(?:es|ing)?[ \t]+live)[ \t]+{_W}\W*$",
    re.IGNORECASE,
)
_CALLED = re.compile(rf"{_LEAD}{_W}[ \t]+is[ \t]+(?P<np>[^,;:\x00]{{3,40}}?)\W*$", re.IGNORECASE)
_LAST = re.compile(
    rf"{_LEAD}(?:{_W}[ \t]+is[ \t]+(?:your|the|our)[ \t]+(?:very[ \t]+)?(?:last|final)[ \t]+(?:chance|day|call)|"
    rf"(?:last|final)[ \t]+(?:chance|day|call)[ \t]*(?:[:,–—-][ \t]*)?{_W}|(?:ends|closes|closing|"
    rf"ending)[ \t]+{_W})\W*$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"{_LEAD}(?P<np>[^,;:\x00]{{2,60}}?)[ \t]+(?:(?:ends?|clos(?:es?|ing)|expires?|finish(?:es)?|shuts?)|"
    rf"is[ \t]+over)[ \t]+{_W}\W*$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    rf"\W*(?:(?:see[ \t]+you|happening|on|live|only|when|date|"
    rf"reminder)[ \t]*[:–—-]?[ \t]*)?{_W}(?:['’]s[ \t]+\S[^\x00]{{2,50}}|[ \t]*[:–—|-][ \t]*\S[^\x00]{{2,50}})?\W*$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\W*(?:(?:when|date|day|date[ \t]+and[ \t]+time)[ \t]*[:–—|-]?[ \t]*)?(?:on[ \t]+)?$", re.IGNORECASE
)
_HOUR = re.compile(
    r"[ \t]*(?:morning|afternoon|evening|night)?[ \t]*[,|–—·•@-]?[ \t]*(?:at[ \t]+|from[ \t]+)?"
    r"(?:noon\b|midday\b|\d{1,2}(?:[:.]\d\d)?[ \t]?(?:[ap]\.?m\b|uhr\b|h\b|[-–])|\d{1,2}[:.]\d\d\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[ \t]+(?:morning|afternoon|evening|night|lunchtime|midnight))?[ \t]*(?:[.,;:!)|\n–—]|-[ \t]|$|\d|"
    r"(?:at|from|between|@|"
    r"in|bright|sharp|and[ \t]+(?:bring|enjoy|have|let|don)|by|around|before|to[ \t]+\w+|prices|"
    r"is[ \t]+here|has[ \t]+(?:come|"
    r"arrived))\b)",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"[ \t]+(?:is[ \t]+(?:finally[ \t]+)?here|has[ \t]+(?:finally[ \t]+)?(?:come|arrived))\b", re.IGNORECASE
)
_THAT = re.compile(
    rf"\W*(?:(?:yes|and|so)[ \t]*,?[ \t]+)?(?:that|which)(?:['’]s|[ \t]+is)[ \t]+{_W}\W*$", re.IGNORECASE
)
_ANOTHER = re.compile(
    r"\b(?:every|each|last|past|next|for|from|since|through|of|black|cyber|good|until|till)[ \t]+$", re.IGNORECASE
)
_ALARM = re.compile(r"\W*(?:set|mark|save)\b[^.!?\n]{4,30}\bfor[ \t]+$", re.IGNORECASE)
_NOUN = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence of a copy."""

    words: str
    start: int
    sign: str
    """What it ends with."""

    @property
    def end(self) -> int:
        return self.start + len(self.words)


def beside(text: str) -> Iterator[Said]:
    """Words for a day whose sentence is of one event with the next one, or a title over it, which names the day."""
    done = -1
    for word in islice(words_of(text, owned=True), MOST):
        if word.start() < done:
            continue
        first = _piece(text, word.start())
        done = first.end
        others = list(words_of(first.words, owned=True))
        if len(others) != 1 or len(first.words) > _LINE or next(days_named(first.words, 0, len(first.words)), None):
            continue
        at = word.start() - first.start
        words = first.words[:at] + _W + first.words[at + len(word[0]) :]
        if first.sign.startswith("?") or _OFF.search(words):
            continue
        said = _with_next(text, first, words, word) or _with_last(text, first, words, word)
        if said is not None:
            yield said


def _piece(text: str, at: int) -> _Piece:
    low = max(0, at - _LINE)
    start = low
    for stop in _STOP.finditer(text, low, at):
        start = stop.end()
    while start < at and text[start] in " \t\"'“‘":
        start += 1
    stop_at = _STOP.search(text, at, at + _LINE)
    end = stop_at.start() if stop_at else min(len(text), at + _LINE)
    return _Piece(text[start:end], start, stop_at[0] if stop_at else "")


def _with_next(text: str, first: _Piece, words: str, word: re.Match[str]) -> Said | None:
    """The day that the next sentence, or the next line, gives the event."""
    behind = _NEXT.match(text, first.end)
    if behind is None:
        return None
    second = _piece(text, behind.end())
    beyond = "\n" in behind[0]
    if (
        second.start < behind.end()
        or second.sign.startswith("?")
        or any(True for _ in words_of(second.words, owned=True))
    ):
        return None
    days = list(days_named(second.words, 0, len(second.words)))
    if len(days) != 1 or _ELSE.search(second.words):
        return None
    at, named = days[0]
    before, end = second.words[:at], at + named.length
    if listed(text, second.start + end) or (
        _ANOTHER.search(before) and not _OF_END.match(before) and not _ALARM.match(before)
    ):
        return None
    if beyond and len(first.words) > _HEADING:
        return None
    if _titled(text, first, words, second, at, named, beyond) or (
        _TAIL.match(second.words, end) is not None and _of_one(words, before, second.words[end:])
    ):
        return Said(word.start(), second.start + end, word[0], offset(word[0]), named)
    return None


_LINE_END = re.compile(r"[^\n]*\n\s*")
_NEXT = re.compile(r"[.!…]*[\"'”’)]?[ \t]*(?:\n\s*)?(?=\S)")


def _titled(text: str, first: _Piece, words: str, second: _Piece, at: int, named: Named, beyond: bool) -> bool:
    """Whether a line with nothing but a day and what is on then has a line with a day and an hour, or a date, below."""
    title = _TITLE.match(words)
    if not beyond or title is None or not _WHEN.match(second.words[:at]):
        return False
    if first.start and text[first.start - 1] != "\n":
        return False
    end = at + named.length
    hour = _HOUR.match(second.words, end)
    if named.when is None and hour is None and not second.words[:at].strip():
        return False
    behind = _LINE_END.match(text, second.end)
    # A list of days is no title with its line.
    return not (behind and named_at(text, behind.end()) is not None)


def _of_one(words: str, before: str, behind: str) -> bool:
    """Whether two sentences are of one event: what the first says of it, and how the second goes on."""
    if len(before) > _HEADING:
        return False
    if _BARE.match(words):
        here = not before.strip() and _HERE.match(behind) is not None
        return here or _OF_EVENT.match(before) is not None or _ANY_START.search(before) is not None
    if _LAST.match(words):
        return _OF_END.match(before) is not None or _ANY_END.search(before) is not None
    if (found := _ENDS.match(words)) is not None:
        return _OF_END.match(before) is not None or (_same(found["np"], before) and _ANY_END.search(before) is not None)
    if (found := _STARTS.match(words)) is not None:
        return _OF_START.match(before) is not None or (
            _same(found["np"], before) and _ANY_START.search(before) is not None
        )
    found = _EVENT.match(words)
    if found is None and (called := _CALLED.match(words)) is not None:
        found = called if event_nouns().search(called["np"]) else None
    if found is None and (owned := _OWNED.match(words)) is not None:
        found = owned if event_nouns().search(owned["np"]) else None
        return found is not None and _OF_START.match(before) is not None
    if found is None:
        return False
    goes_on = _OF_EVENT.match(before)
    if goes_on is not None and goes_on["sees"]:
        return event_nouns().search(found["np"]) is not None
    return goes_on is not None or (_same(found["np"], before) and _ANY_START.search(before) is not None)


_OWNED = re.compile(rf"{_LEAD}{_W}['’]s[ \t]+(?P<np>[^\x00]{{3,60}}?)\W*$", re.IGNORECASE)


def _same(np: str, before: str) -> bool:
    """Whether the second sentence begins with what the first is of."""
    nouns = [found[0].casefold() for found in _NOUN.finditer(np)]
    begun = [found[0].casefold() for found in _NOUN.finditer(before)]
    rest = [noun for noun in nouns if noun not in ("the", "our", "your", "this")]
    return bool(rest) and [noun for noun in begun if noun not in ("the", "our", "your", "this")][: len(rest)] == rest


def _with_last(text: str, first: _Piece, words: str, word: re.Match[str]) -> Said | None:
    """The day of the sentence before, which this one says to be: "We meet on Friday. That's tomorrow!"."""
    if not _THAT.match(words):
        return None
    head = text[max(0, first.start - _LINE) : first.start].rstrip(' \t.!"”’')
    start = max((stop.end() for stop in _STOP.finditer(head)), default=0)
    days = list(days_named(head, start, len(head)))
    if len(days) != 1 or _ELSE.search(head, start):
        return None
    at, named = days[0]
    at += max(0, first.start - _LINE)
    return Said(at, word.end(), word[0], offset(word[0]), named)
