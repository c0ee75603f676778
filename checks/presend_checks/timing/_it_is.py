"""What day it is, as a letter says it: "It's Friday, so we bake", "It's Friday tomorrow", "Because it's Friday"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from presend_checks.timing._days import MOST, SUPPOSED, Said, event_nouns, listed, offset
from presend_checks.timing._named import FINE, Named, any_word, days_named, named_at, table

AROUND = 120
"""Characters between a word for a day and the day that it may be said to be."""
_STOP = re.compile(r"[.!?…]+(?=[\s\"'”’)]|$)|\n")
IMAGINED = re.compile(
    r"\W*(?:imagine|picture|suppose|pretend|if|when|whenever|what if|remember|once|wish|should|until)\b", re.IGNORECASE
)
_FOLLOWS = re.compile(
    r"[ \t]*(?:[.,;:!)|\n–—]|-[ \t]|$|(?:and|so|but|again|today|morning|afternoon|evening|night|at|which|"
    r"here)\b)",
    re.IGNORECASE,
)
_STANDS = re.compile(
    r"(?P<part>[ \t]+(?:morning|afternoon|evening|night|lunchtime)\b(?=[ \t]*(?:,|and\b|so\b)))?"
    r"[ \t]*(?P<again>(?:again|already|at last|once (?:more|again)|finally)\b[ \t]*)?(?P<now>now\b[ \t]*)?"
    r"(?P<sign>[.,!:–—]|-[ \t]|\n|$|(?:and|(?P<so>so)|but)\b)[ \t]*(?:(?:and|(?P<then>so)|but)\b)?[ \t]*",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"(?:you\b|I\b|he\b|she\b|they\b|it\b|every\w+|no\w*\b|some\w*\b|the\b|your alarm|my\b|his\b|her\b|mum|dad|\d)",
    re.IGNORECASE,
)
"""Behind "It's Monday, and": a scene is set, and nobody says that it is Monday."""
_SCENE = re.compile(
    r"(?:I\b|you\b|he\b|she\b|they\b|it\b|every\w+|no\w*\b|some\w*\b|mum|dad|my\b|his\b|her\b|\d|"
    r"(?:the|your|an?)[ \t]+(?:whole[ \t]+)?(?:alarm|kids?|children|boss|phone|clock|fridge|doorbell|traffic|train|bus|"
    r"baby|dog|cat|rain|house|kitchen|office|inbox|deadline|dishes|laundry|couch|sofa|meeting|guests?|in-laws|family|"
    r"friends?|pot|table|street|city|town|sky|stars?|moon|heroine|hero|detective|phones?|lights?|coffee|fire)\b)",
    re.IGNORECASE,
)
"""Of whom tales are told, and no news."""
_HELD = re.compile(
    r"\b(?:think|thinks|thought|feels?|says?|said|tells?|told|guess(?:es)?|claims?|swears?|hopes?|dreams?|prove|"
    r"shows?|means?|(?<!we )know|knows|how|that|which|who|why|god|goodness|heavens?|time|once|hours?|minutes|"
    r"midnight)\Z|"
    r"(?:^|[,;:–—][ \t]+)(?:you|he|she|they|I)[ \t]+(?!know\b)\w+",
    re.IGNORECASE,
)
"""Before what somebody else holds to be so."""
_GREETS = re.compile(
    r"(?:good )?(?:morning|evening|afternoon)|hello|hi\b|hey|psst|shh|wake up|greetings", re.IGNORECASE
)
_AND_THE = re.compile(r"\band[ \t]+\Z", re.IGNORECASE)
_TALE = re.compile(r"\b(?:begins|story|tale|once|suddenly|film|novel|book|song|poem)\b", re.IGNORECASE)
_CALL = re.compile(
    r"(?:claim|grab|get|shop|time|treat|book|come|join|take|have|enjoy|let['’]s|here['’]s|here are|free|half|our|we)\b",
    re.IGNORECASE,
)
"""Behind "It's Friday:", where a list of days may follow as well."""
_GREETED = re.compile(r"\b(?:good (?:morning|evening|afternoon)|hello|hi)\b[^.!?\n]{0,20}[.!]\s*\Z", re.IGNORECASE)
_NO_CAUSE = re.compile(r"[ \t]+(?:that|which|when|or|to|night[ \t]+that|I|he|she|they)\b", re.IGNORECASE)
_THEN = re.compile(r"\b(?:then|and|until|till)\Z", re.IGNORECASE)
"""Before a day that comes after something: "one more sleep, then it's Friday"."""
_HE = re.compile(r"(?:you|I|he|she|they|it(?!['’]s\b)|everybody|nobody|somebody|my|his|her|mum|dad)\b", re.IGNORECASE)
_OURS = re.compile(
    r"[^:;\n]*\b(?:we|us|our|ours|here['’]s|here are|you know what|you deserve|that means|free|off|sale|deals?|offers?|"
    r"half[ -]price|prices?|discounts?|newsletter|issue)\b",
    re.IGNORECASE,
)
"""Behind "It's Monday, and": words of somebody who has something to offer, and sets no scene."""
_CHEER = re.compile(
    r"(?:treat|celebrate|don['’]t forget|time (?:to|for)|let['’]s|you know what|that means|you deserve|free|here['’]s|"
    r"here are|you['’]ve earned|have you|do you|did you|are you|you made it|yes\b|take the|"
    r"enjoy|relax|kick back|your weekly|our|we['’]re|we have|we['’]ve)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(r"\b(?:because|since|seeing as|now that|given that|as|even though|although)\Z", re.IGNORECASE)
_FOR = re.compile(
    r"[ \t]+(?:for|to)\b|[ \t]*!|[ \t]+(?:out[ \t]+there|here)\b|(?:,?[ \t]+so|,[ \t]+except)\b|"
    r"[ \t]+(?:in|on|at)[ \t]+(?:the[ \t]+)?[\w'’]+,?[ \t]+(?:so|and)[ \t]+we\b|[ \t]+and[ \t]+the\b",
    re.IGNORECASE,
)
_AND_IT_IS = re.compile(
    r"[ \t]*,[ \t]*(?:and[ \t]+)?it[ \t]+(?:really[ \t]+|surely[ \t]+)?is(?=[ \t]*[,.;!–—])", re.IGNORECASE
)
"""Behind "if it's Friday": it is."""
_TOMORROW = re.compile(
    r"[ \t]+(tomorrow)\b(?!['’])(?=[ \t]*(?:[.,;:!?)–—\n]|$|-[ \t])|[ \t]+(?:and|so|which|you|we)\b)", re.IGNORECASE
)
_HEADING = 60
"""Characters of a line that may be a heading."""
_WILL = re.compile(r"it(?:['’]ll|[ \t]+will)\b", re.IGNORECASE)
_SIGN = re.compile(r"[.!?…\n]")
_WHEN = re.compile(r"\b(?:when|tomorrow)\b", re.IGNORECASE)
_COMING = re.compile(
    r"\b(?:opening|launch|deadline|save the date|coming (?:up|soon|back)|nearly here|almost here|around the corner|"
    r"don['’]t miss|join us|see you|get your tickets?|not long now|next|soon)\b",
    re.IGNORECASE,
)
"""Words that announce something."""
_READING = re.compile(r"\W*if you(?:['’]re| are) reading this,", re.IGNORECASE)
_FANCY = re.compile(
    r",[ \t]+(?:so[ \t]+)?(?:fancy|why|how about|shall|care|who|what about|hungry|thirsty|what better)\b", re.IGNORECASE
)
_LURED = re.compile(r"\W*(?:can|could|would) you believe\b", re.IGNORECASE)
_ASKS_TOMORROW = re.compile(r"\btomorrow(?:[ \t]+\w+){0,3}[ \t]*\?\Z", re.IGNORECASE)
_BESIDE = re.compile(r"[ \t]+(?:today|tonight)\b", re.IGNORECASE)


def what_day(text: str) -> Iterator[Said]:
    """What day it is: "It's Friday, and today we bake", "It's Friday 27 November.", "It's Friday tomorrow"."""
    for found in islice(_it_is().finditer(text), MOST):
        named = named_at(text, found.end())
        if named is None or listed(text, end := found.end() + named.length):
            continue
        first, last = sentence(text, found.start(), end)
        ahead = _TOMORROW.match(text, end)
        if SUPPOSED.search(text[max(0, found.start() - 24) : found.start()]) and not _AND_IT_IS.match(text, end):
            continue
        asks = text[last : last + 1] == "?" and not (ahead and _LURED.match(text, first))
        supposed = IMAGINED.match(text, first, last) and not _READING.match(text, first)
        if (asks and not _FANCY.match(text, end)) or (supposed and not _AND_IT_IS.match(text, end)):
            continue
        if ahead is None and _WILL.match(text, found.start()):
            continue
        near = _day_near(text, found.start(), end)
        beside = _BESIDE.match(text, end)
        end = beside.end() if beside else end
        if ahead is not None:
            yield Said(found.start(), ahead.end(), ahead[1], 1, named)
        elif near is not None and (found["ours"] or beside or _FOLLOWS.match(text, end)):
            yield Said(found.start(), end, near, 0, named)
        elif not found["ours"] and _is_said(text, found, first, last, end, named):
            yield Said(found.start(), end, found[0], _of_last(text, first, found.start()), named)


def _is_said(text: str, found: re.Match[str], first: int, last: int, end: int, named: Named) -> bool:
    """Whether "it's Friday" says so of the day, and neither of an event nor of a scene in a story."""
    head = text[first : found.start()].strip(" \t.!?…–—-*\"'“‘")
    if _AND_IT_IS.match(text, end) or (_CAUSE.search(head) and not _NO_CAUSE.match(text, end)):
        return True
    stands = _STANDS.match(text, end)
    if found["fine"]:
        return _FOR.match(text, end) is not None and not of_event(text, first)
    if stands is None:
        return False
    if named.when is not None:
        return True
    sign = stands["sign"].strip()
    if _HELD.search(head) or _THEN.search(head) or _ahead_of(head):
        return False
    if sign == "." and (found["lately"] or stands["again"]):
        return not of_event(text, first)
    if sign in (".", "\n", ""):
        led = not head or head[-1] in ",:" or head.casefold() in ("yes", "yep")
        cheer = _CHEER.match(text, stands.end()) is not None or head.endswith(":")
        return sign == "." and led and cheer and not of_event(text, first)
    before = text[max(0, first - 40) : first]
    if _sets_scene(text, before, head, stands, last) and not (found["lately"] and sign == "!"):
        return False
    if found["lately"] or stands["again"] or stands["now"]:
        return True
    if sign == ":" and not _CALL.match(text, stands.end()):
        return False
    return not of_event(text, first)


def _sets_scene(text: str, before: str, head: str, stands: re.Match[str], last: int) -> bool:
    """Whether what goes on behind "it's Friday" is a scene: "It's Friday night, the kids are hungry and you ..."."""
    if _OURS.match(text, stands.end(), last) or _GREETS.match(head) or _GREETED.search(before):
        return False
    if stands["so"] or stands["then"]:
        return _HE.match(text, stands.end()) is not None
    goes_on = _AND_THE.search(stands[0]) is not None and not _TALE.search(text, stands.end(), last)
    return (_SCENE if goes_on or not stands["part"] else _STORY).match(text, stands.end()) is not None


def _of_last(text: str, first: int, at: int) -> int:
    """How many days ahead it is where tomorrow is spoken of: "Free tomorrow? It's Friday", "Tomorrow: it's …"."""
    if "tomorrow" in text[first:at].casefold():
        return 1
    head = text[max(0, first - AROUND) : first].rstrip(" \t")
    return 1 if head.endswith("?") and _ASKS_TOMORROW.search(head) else 0


def of_event(text: str, first: int) -> bool:
    """Whether "it" may be what the sentence before speaks of: "The gala comes closer. It's Friday, so ..."."""
    head = text[max(0, first - AROUND) : first]
    plain = head.rstrip(" \t")
    before = _SIGN.split(plain.rstrip(" \t.!?…\n"))[-1]
    if plain.endswith("?"):
        return _WHEN.search(before) is not None and not _ASKS_TOMORROW.search(plain)
    if "\n" in head[len(head.rstrip()) :]:
        heading = len(before) < _HEADING and head.rstrip()[-1:] not in (".", "!", "…")
        return heading and event_nouns().search(before) is not None
    named = next(days_named(before, 0, len(before)), None)
    return named is not None or _ahead_of(before)


def _ahead_of(words: str) -> bool:
    """Whether words speak of something that has a day of its own: "Come to the gala: it's Friday"."""
    return any(one.search(words) for one in (_WHEN, _COMING, event_nouns()))


def _day_near(text: str, start: int, end: int) -> str | None:
    """A word for today in the same line, before or soon after."""
    low = max(0, start - AROUND)
    low = max(low, text.rfind("\n", low, start) + 1)
    for found in any_day().finditer(text, low, min(len(text), end + AROUND)):
        if "\n" not in text[end : found.start()] and offset(found["word"]) == 0:
            return found["word"]
    return None


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a stretch begins and where its last sign stands."""
    first = max(0, start - 2 * AROUND)
    for stop in _STOP.finditer(text, first, start):
        first = stop.end()
    behind = _STOP.search(text, end, end + 2 * AROUND)
    return first, behind.start() if behind else min(len(text), end + 2 * AROUND)


# -- patterns


@cache
def any_day() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<word>{any_word(table('days'))})(?![\w-])", re.IGNORECASE)


@cache
def _it_is() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:(?:it|this)(?:[ \t]+(?:really[ \t]+|sure[ \t]+)?is|['’]s)|it(?:['’]ll|[ \t]+will)[ \t]+be|"
        r"today['’]s)[ \t]+"
        r"(?:(?P<lately>already|finally|officially|at last)[ \t]+"
        r"|(?P<ours>our|another|the[ \t]+(?:first|second|third|fourth|last))[ \t]+"
        rf"|(?P<fine>(?:an?|such[ \t]+a)[ \t]+{FINE}[ \t]+)|(?:an?|now|only|just|still)[ \t]+)?(?=[^\W_])",
        re.IGNORECASE,
    )
