"""Where a message says something of its reader: by wording, and left alone where it is not said of this reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from weakref import WeakKeyDictionary

from presend.dialects.base import Span
from presend.mail import Mail
from presend.model import Part
from presend.reading import PartReading
from presend_checks._copy import VALUE, copy_of, in_quotes, is_title
from presend_checks.claims._phrases import About, Phrase, phrases
from presend_checks.claims._when import time_said

PARTS = frozenset({Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML, Part.TEXT})
MOST = 100
"""Places of one wording that are looked at in one part; a mail that says it more often has said it."""
NEAR = 1000
"""Characters around a place that are looked at for quotation marks."""
WRAPPED = 50
"""Characters that a line of plain text has at the least where it goes on in the next one."""

_STRAIGHT = str.maketrans({"\u2019": "'", "\u02bc": "'"})
_MARKUP = re.compile(r"<[^<>]*>")
_STOP = re.compile(r"[.!?…]+(?=[\s\"'”’)]|$)|\n")
_PERHAPS = re.compile(
    r"\b(?:if|unless|whether|when|whenever|once|until|till|in case|as soon as|by the time|would|could|may have|might"
    r"|any|each|every|anyone|everyone|somebody|someone|those) |\b(?:people|customers|buyers|members|friends|readers)"
    r" (?:who|that|whose|with|can|may|will|have|had|has|are|in|from|told|tell|say|said|often|asked|get)\b"
    r"|\bshould you\b|^\s*(?:imagine|suppose)\b|^\s*had\s*$",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\bor (?:you|have|are|were|sign|signed|subscribed|created|opted|visited|registered|asked|requested|entered|joined"
    r"|became|because|by|through|at|attended|downloaded|made|took|gave)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|no|nobody|nothing|without|neither|nor|cannot|far from)\b|n't\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\s*(?:so |and |but |hey |hi )?(?:did|do|does|have|has|had|is|are|was|were|will|would|could|can|should|shall|may"
    r"|ever|any|need|want|planning|thinking|ready)\b",
    re.IGNORECASE,
)
_STRIVEN = re.compile(
    r"\b(?:become|becoming|join|joining|reach|reaching|earn|earning|unlock|unlocking|upgrade|upgrading"
    r"|keep(?! your)|get|gain|win|towards?|apply|want to be|how to|like being|it's like)\b",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"\b(?:tell us|sign up|signing up|register|share|add|enter|update|fill in|receive|expect|look forward|wait"
    r"|within|days? (?:of|after|before)|after|before|refunds?|returns?)\b",
    re.IGNORECASE,
)
"""Words of terms, forms and promises, in front of what they ask for or what has yet to be."""
_TERMS = re.compile(
    r"[^\n]{0,60}\b(?:(?:when|if|once|as soon as|each time) you|for (?:joining|signing|every)|per)\b", re.IGNORECASE
)
"""Behind points or a tier that one has yet to get."""
_YOURS = re.compile(r"\b(?:you|your|yourself)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:we|he|she|they|i|it)\b(?! (?:all )?(?:wish|say|hope|heard?|want|would|can|thank|send)\b)"
    r"|\b(?:ours|his|their|my)\b"
    r"|\b(?-i:(?!Today|Tomorrow|This|That|Here|There|Who)[A-Z]\w+) (?:has|is|was|had|celebrates)\b",
    re.IGNORECASE,
)
"""Of whom a wording without "you" is said when they are named before it."""
_NAMED = re.compile(r",? (?:and )?(?-i:[A-Z][a-z]+),? (?:\w+s|has|is|was|had|runs) ")
"""Somebody behind a wording, of whom it is said: "a customer since 2018, Joan swears by it"."""
_SIGNED = re.compile(r"\s*[\u2013\u2014] ?(?-i:[A-Z])[^\n]{0,60}(?:\n|$)")
"""The name of who said it, in the next line."""
_ASKED_HOW = re.compile(r"\s*(?:so |and |but |hey |hi )?(?:how|what|which|why|where|who)\b", re.IGNORECASE)
_GIVEN = re.compile(r"(?:the|what|everything) .*\byou\b", re.IGNORECASE)
"""What a question takes for granted: "the lamp you bought"."""
_PRESUPPOSED = frozenset({About.PURCHASE, About.RECENT})
_HELD = frozenset({About.OWNER, About.RESIDENT, About.POINTS})
"""With "your" in front nobody asks or denies that it is the reader's."""
_STRIVEN_FOR = frozenset({About.TIER, About.POINTS})
_PROMISED = frozenset({About.BIRTHDAY, About.PURCHASE, About.YEARS_EXACT})


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that one place says of its reader."""

    about: About
    words: str
    """As they stand in the copy, blanks joined."""
    what: str
    """What the reader is said to be or to have, where the wording names it."""
    part: PartReading
    span: Span
    """In the part's source."""
    sure: bool
    """False where it may be meant otherwise: a question, a denial near by, a wording of several meanings."""
    bound: bool = False
    """Whether it is said only where a field of the recipients has what it names for a value."""
    when: str = ""
    """The time that is said with it, of something bought."""


_SAID: WeakKeyDictionary[PartReading, tuple[Said, ...]] = WeakKeyDictionary()


def said(mail: Mail, *about: About) -> Iterator[Said]:
    """What the parts that people read say of them, in the order of parts and source."""
    for part in mail.parts:
        if part.part not in PARTS or part.program.fatal:
            continue
        if part not in _SAID:
            _SAID[part] = tuple(_in(part))
        yield from (one for one in _SAID[part] if one.about in about)


def bare(source: str) -> str:
    """A template's source without markup, roughly: enough to see whether it may say a thing."""
    return " ".join(unescape(_MARKUP.sub(" ", source)).translate(_STRAIGHT).split())


def speaks_of(*about: About) -> Callable[[str], bool]:
    """Whether a template's source may say such a thing, before anything is compiled: `Rule.asks`."""

    def asks(source: str) -> bool:
        text = bare(source)
        every = (one for one in phrases() if one.about in about and not one.bound)
        return any(one.pattern.search(text) for one in every)

    return asks


_TEXTS: WeakKeyDictionary[PartReading, str] = WeakKeyDictionary()


def text_of(part: PartReading) -> str:
    """A part's copy, character for character, with straight apostrophes and the lines of plain text joined."""
    if part not in _TEXTS:
        _TEXTS[part] = _joined(part)
    return _TEXTS[part]


def _joined(part: PartReading) -> str:
    text = copy_of(part).text.translate(_STRAIGHT)
    if part.part is not Part.TEXT:
        return text
    lines = text.split("\n")
    joined = [
        line + (" " if len(line) >= WRAPPED and after[:1].strip() and after[0] not in "*•-" else "\n")
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
    ]
    return "".join(joined)[: len(text)]


def _in(part: PartReading) -> Iterator[Said]:
    text = text_of(part)
    taken: list[tuple[int, int, Phrase]] = []
    for phrase in phrases():
        for found in islice(phrase.pattern.finditer(text), MOST):
            if any(a < found.end() and found.start() < b and p.about is phrase.about for a, b, p in taken):
                continue
            taken.append((found.start(), found.end(), phrase))
    for start, end, phrase in sorted(taken, key=lambda one: (one[0], -one[1])):
        inside = any(a <= start and end <= b and (a, b) != (start, end) and _swallows(p) for a, b, p in taken)
        sure = None if inside else _meant(text, start, end, phrase)
        if sure is not None:
            again = phrase.pattern.match(text, start)
            what = (again.groupdict().get("what") or "") if again else ""
            span = copy_of(part).span(start, end)
            words = " ".join(text[start:end].split())
            when = time_said(words, text[end : end + NEAR]) if phrase.about in _PRESUPPOSED else ""
            told = words.rstrip(f"{VALUE} ,;:–—").replace(VALUE, "…") or words
            yield Said(phrase.about, told, what, part, span, sure, phrase.bound, when)


def _swallows(phrase: Phrase) -> bool:
    """Whether what stands inside of the wording says no more than it; a member's tier does."""
    return not phrase.bound and phrase.about is not About.MEMBER


_REPORTED = re.compile(
    r"(?:[^\n]{0,200}[,!?])?[!?]?[,\s]*(?:said|says|asked|asks|cried|wrote|writes|whispered|called|replied|sighed"
    r"|grumbled|joked|laughed|sang)"
    r" (?:the|our|my|a|an|one|he|she|it|they|(?-i:[A-Z]))",
    re.IGNORECASE,
)
"""Behind words that somebody in a story says."""


_WHENEVER = re.compile(r"\b(?:when|what)ever\b", re.IGNORECASE)
"""Behind a day that is each reader's own: "enjoy your birthday, whenever it is"."""
_TO_ANOTHER = re.compile(
    r", (?!(?-i:[A-Z]\w*)s\b|(?:friend|stranger|neighbou?r|dear|you|mate|buddy|there|everyone|everybody|all)\b)"
    r"(?-i:[A-Z][a-z]+)(?: (?-i:[A-Z][a-z]+))?[.!]?\s*$",
    re.IGNORECASE,
)
"""Behind words that are said to somebody whom the copy names, and no field: "we miss you, Bruno"."""
_ABSENT = frozenset({About.ABSENCE, About.UNORDERED, About.RETURN})
_NAME_BEHIND = re.compile(
    r"['\")]* (?:e-?mails?|mails?|messages?|cards?|templates?|campaigns?|letters?|notes?|signs?|badges?|mugs?"
    r"|posters?|songs?"
    r"|albums?|stickers?|banners?|sequences?|flows?|series|automations?|subject lines?|posts?|parties|party|t-shirts?"
    r"|shirts?|dinners?|ales?|beers?|cakes?|bouquets?|dance|festival|stew|soup|(?:is|was) (?:a|the) (?:song|book"
    r"|film))\b",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"\b(?:an?|the|our|your|my|his|her|their|this|called|titled|named|entitled|reads?|reading|sings?|sang|whispers?"
    r"|sign|with"
    r"|about|begins?|began|starts?|started|says?|said|wrote|writes|murmurs?|letter|song|film|book|ones?)[,:]? \Z"
    r"|^\W*(?:say|tell (?:\w+ ){1,3}|how to say|to say) \Z|\b(?:want to|would like to|to the \w+ we) say \Z"
    r"|\b(?:he|she|they|it|who|grandma|granny|mum|dad|grandpa)(?: \w+){0,3}: \Z",
    re.IGNORECASE,
)
"""Beside words that are a name, or that somebody else says."""
_GOES_ON = re.compile(
    r"[ \t]*[…:]?\s*\n\s*since\b(?! (?:you|your|we(?:'ve| have)?(?: last)? (?:saw|seen|heard|met))\b)"
)
"""Behind a title that the next line goes on with: it has been a while "since it rained"."""


def _of_no_reader(about: About, before: str, rest: str, behind: str) -> bool:
    """Whether words of an absence are a name, said to somebody else, or a title of what the next line says.

    Words of a birthday are of none where it comes whenever it comes.
    """
    if about is About.BIRTHDAY:
        return _WHENEVER.search(rest) is not None
    if about not in _ABSENT:
        return False
    beside = _NAME_BEHIND.match(rest), _NAME_BEFORE.search(before), _GOES_ON.match(behind), _TO_ANOTHER.match(rest)
    return any(beside)


def _meant(text: str, start: int, end: int, phrase: Phrase) -> bool | None:
    """Whether the words are surely meant of the reader; None where they are not."""
    first, last = sentence(text, start, end)
    before, behind = text[first:start], text[end:last]
    if in_quotes(text, start, end) or _PERHAPS.search(before) or _EITHER.search(text[first:last]):
        return None
    if _title(before, text[start:end]) or is_title(text, start, end) or _REPORTED.match(behind):
        return None
    if _of_no_reader(phrase.about, before, text[end:last], text[end : end + NEAR]):
        return None
    if phrase.about in _STRIVEN_FOR and (_STRIVEN.search(before) or _DENIED.search(before) or _TERMS.match(behind)):
        return None
    yours = _YOURS.search(text[start:end]) is not None
    if not yours and (_OTHERS.search(before) or _NAMED.match(behind) or _SIGNED.match(text[last : last + 80])):
        return None
    own = re.match(r"(?:your|where you live)\b", text[start:end], re.IGNORECASE) is not None
    if (own or (yours and phrase.about is About.PURCHASE)) and phrase.about in _PROMISED and _WISHED.search(before):
        return None
    asked = behind.rstrip().endswith("?") or text[start:end].endswith("?")
    if (own and phrase.about in _HELD) or not re.search(r"\w", before + behind):
        return phrase.sure  # "Is your Corvina ready?" is said to an owner, and a wording may be a question as a whole
    opened = asked and _OPEN.match(text[first:last])
    given = phrase.about in _PRESUPPOSED and _GIVEN.match(text[start:end])
    if opened and not given and not _OPEN.match(text[start:end]):
        return None
    if phrase.about in _PRESUPPOSED and (opened or given or _ASKED_HOW.match(text[first:last])):
        asked = False
    denied = _DENIED.search(before) is not None
    if denied and phrase.about not in _PRESUPPOSED:
        return None
    if denied and not own:
        return None
    return phrase.sure and not asked and not denied


def _title(before: str, words: str) -> bool:
    """Whether the words are the name of a book or a film: in capitals, behind a word in small letters."""
    long = [word for word in re.findall(r"[^\W\d_]+", words) if len(word) > 3]
    last = re.search(r"([^\W\d_]+)\s*$", before)
    return len(long) > 1 and all(word[0].isupper() for word in long) and last is not None and last[1].islower()


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a stretch of copy begins and ends."""
    first, last = max(0, start - 400), len(text)
    for stop in _STOP.finditer(text, first, start):
        first = stop.end()
    stop_behind = _STOP.search(text, end, min(end + 400, len(text)))
    last = min(end + 400, last)
    if stop_behind is not None:
        last = stop_behind.start() if stop_behind[0] == "\n" else stop_behind.end()
    return first, last
