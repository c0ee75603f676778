"""CLM003: offering people what they bought last week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import unquote

from presend.check import Need, check
from presend.dialects.base import OutcomeKind, Span
from presend.mail import Mail
from presend.model import Confidence, Hit, Part, Severity
from presend.reading import PartReading, Who, anybody
from presend_checks._copy import copy_of, links_of, surely
from presend_checks._lexicon import any_of, rows
from presend_checks._numbers import day, share
from presend_checks._printed import printed, prints_as_is
from presend_checks.claims._said import MOST, PARTS, bare, sentence, text_of

BOUGHT_DAYS = 30

_WORD = re.compile(r"\w+")
_OWNED = re.compile(
    r"\b(?:bought|purchased|ordered|own|care|caring|clean|cleaning|refills?|spare|accessor\w+|reviews?|rate"
    r"|how to|thanks?|thank|goes? with|pairs? with|match\w*|fits?|again|re-?order|restock|running low|top up|enjoying"
    r"|recall|instructions?|manual|guide|warranty|tutorial|look(?:ing)? after|wash\w*|repair\w*)\b",
    re.IGNORECASE,
)
_MINE = re.compile(r"\byour (?:\w+ ){0,2}\Z", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b(?:stand|case|cover|lid|strap|bag|box|hook|shelf|tray|rack|pouch|holder|charger|frame|tin|part|filter|made"
    r"|built|designed|cut|sewn)s?\b[^.!?\n]{0,40}\bfor (?:the|your|our|an?|any|every) \Z",
    re.IGNORECASE,
)
"""In front of a product: something that is made for it."""
_OTHER = re.compile(
    r"[\x20-]+(?:(?-i:[A-Z0-9])|(?:minis?|maxi|plus|pro|xl|lite|junior|refills?|bundles?|sets?|kits?|cases?|covers?"
    r"|straps?|lids?|stands?|bags?|box(?:es)?|oils?|filters?|cartridges?|parts?|holders?)\b)",
    re.IGNORECASE,
)
"""Behind a product's name: what makes it the name of another one."""
_HELD = re.compile(
    r"(?<!thought )(?<!thinking )(?<!think )(?<!offer )(?<!one )\b(?:at|of|in|to|behind|under|beside|near|than|as"
    r"|from|by|around|into|onto|between"
    r"|without|with|(?<!room )(?<!opt )(?<!go )(?<!time )(?<!fancy )for) (?:the|our|an?|your|this|that|every) \Z"
    r"|\b(?:has|owns?) (?:the|an?|our) \Z|(?:^\W*|, )like (?:the|our|an?|your) \Z"
    r"|\b(?:you|readers|people|who|customers) (?:already |now )?(?:have|own|chose|picked|use|know) (?:the|an?"
    r"|our) \Z"
    r"|\b(?:who|that|which) \w+ (?:the|our|an?) \Z|\b(?:second|third|another|spare) \Z|\b(?:said|says|told us|wrote"
    r"|writes)\b"
    r"|\b(?:if you (?:like|love|liked|loved|enjoy|use)|now that you|now you've|we hope|welcome to|recalling"
    r"|stop using)\b"
    r"|^\W*(?:is|was|does|did|would you) ",
    re.IGNORECASE,
)
"""In front of a product that something else is beside, from or for, or that the reader has."""
_HELLO = re.compile(
    r"\b(?:(?:hello|hi|yourself|treat \w+) to|still without|complete [^.!?]{1,40} with) (?:the|our"
    r"|an?) \Z",
    re.IGNORECASE,
)
_DEEDS = re.compile(
    r"^ ?(?:(?!spring|evening|morning|something|everything|anything)\w{2,}ing|that|what|how|why|where|who|to (?!you"
    r"|your)\w+"
    r"|you to)\b|\b(?:what|how|know|hear|see|read|learn|watch|film|photos?|story|article|recipes?|as much as)\b",
    re.IGNORECASE,
)
"""Between words that offer and a product, where something to do or to read is offered instead."""
_GAP = 4
"""Words that stand at the most between a product and words behind it that say that it was chosen."""
_LIST_HEAD = 24
"""Characters that a heading has at the most besides the words that offer what stands below it."""
_PART_OF_NAME = re.compile(
    r" (?!(?:now|today|too|yet|again|here|next|first|instead|inside|online|itself|tonight|tomorrow|soon|already"
    r"|please|below"
    r"|above|anyway|there|below|maybe|perhaps|happy|instantly)\b)[a-z][\w-]+(?=[.,!?;:]|[^\S ]|\Z)"
)
"""Behind a product's name: one more word that closes the clause, which is the thing that is meant."""
_CHOSEN = re.compile(
    r"recommend|suggest|picked|pick_for|next[_ ]?(?:best[_ ]?)?(?:product|pick|buy|offer|item)|you_?may_?like",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"\b(?:picked|chosen|selected|made|found|gathered|reserved|set aside|meant|right|perfect|ideal|especially|specially"
    r"|tips?|picks?|ideas?|suggestions?|recommendations?|something|inspiration) (?:\w+ ){0,3}for you\b"
    r"|\b(?:think|thought|guess|bet|believe|reckon|know) (?:that )?you(?:'ll|'d| will| would| might| may) "
    r"|\byou(?:'ll| will| may| might| could| should) (?:also )?(?:like|love|enjoy|want|need|fancy|adore)\b(?! to\b)"
    r"|\bwith you in mind\b|\bon your (?:wish )?list\b|\byour next (?:favou?rite|pick|find)\b|\bup your street\b"
    r"|\b(?:thought|thinking) of you\b|\bsomething tells us\b|\byou(?:'d| would) (?:look|love|like)\b|\bon your taste\b"
    r"|\bto your taste\b|\b(?:have you|did you) (?:met|meet|discover\w*|consider\w*|thought of|looked at)\b"
    r"|\b(?:how about|what about|why not try|may we suggest|meet) (?:the|our|a)\b|\bsuits? you\b|\bfor you:",
    re.IGNORECASE,
)
"""Beside a product: it was chosen for this reader."""
_SHOWN = re.compile(
    r"\b(?:to|in|at|visit) (?:the|our) (?:online )?shop\b|\b(?:see|find|view|get|buy|order|try) it\b"
    r"|\b(?:have|take) a (?:closer )?look\b|\bdiscover (?:it|more)\b|\bview product\b|[£$€] ?\d|\d ?€",
    re.IGNORECASE,
)
"""Beside a product's own block: it is for sale."""
_PUSHED = re.compile(
    r"\b(?:(?:pick|tip|find|choice|star|deal|product) of the (?:day|week|month|season)|complete your|we suggest"
    r"|(?:get|grab|try|meet|discover|buy|order|shop|bring home|say hello to) (?:the|our|an?) *\Z)",
    re.IGNORECASE,
)
"""In front of a product: it is for sale."""
_PAGE = re.compile(r"/(?:products?|shop|store|item|p)/", re.IGNORECASE)
"""In a link: the page at which it is sold."""
_BEFORE, _BEHIND = 600, 200
"""Characters around a product in which the words that offer it may stand."""


@dataclass(frozen=True, slots=True)
class _Place:
    part: PartReading
    span: Span
    bought: Who
    """Those who bought this one."""
    sure: bool
    severity: Severity | None = None
    """Only where it differs from the check's own: a strip of goods at the foot of every mail is aimed at nobody."""


def _may_offer(source: str) -> bool:
    text = bare(source)
    words = (_selling("pick"), _selling("sell"), _MEANT, _SHOWN)
    return bool(_CHOSEN.search(source) or any(one.search(text) for one in words))


@check(
    "CLM003",
    "bought-lately",
    mishaps=["M12"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.FACTS],
    options={"bought_days": BOUGHT_DAYS},
    asks={"last_product": _may_offer, "products": _may_offer},
)
def bought_lately(mail: Mail) -> Iterator[Hit]:
    """The mail offers a product to people who have just bought it.

    Why it matters
    "Recommended for you" over what arrived last week says that nobody looked, and at a lower price it makes for a
    return.

    How to fix
    Leave out who bought it lately, or let the block choose something else for them.

    Known limits
    Only what was bought last or lately by people with an order within `bought_days` (30), by its exact name of two
    words or more, in the copy, in the last part of a link or in a column whose name says that it is chosen for the
    reader. It must be offered: near "recommended for you" and the like with high, near "shop now" with medium
    confidence; in a block of its own or by a link to its page alone it is of low severity. Care, spare parts, reviews,
    longer names ("… Mini") and "your …" are left alone, and so is a feed that only the platform fills. One finding per
    part and sort.
    """
    columns = [mail.fact(name) for name in ("last_product", "products") if mail.has_fact(name)]
    if not columns or not mail.has_fact("last_order_at"):
        return
    dates = mail.fact("last_order_at")
    days = int(mail.options["bought_days"])
    buyers = mail.audience.day_between(dates, day(mail.send_at, days - 1), day(mail.send_at, -1))
    names = _names(mail, columns, buyers)
    found: dict[tuple[Part, bool, Severity | None], tuple[_Place, list[Who]]] = {}
    for place in (*_in_copy(mail, names), *_in_columns(mail, columns)):
        found.setdefault((place.part.part, place.sure, place.severity), (place, []))[1].append(place.bought)
    for place, each in found.values():
        who = anybody(each) & buyers
        count = mail.audience.count(who)
        if count:
            yield Hit(
                mail.at(place.part, place.span),
                f"{share(count, mail.audience.size)} are offered what they bought less than {days} days before.",
                "Leave out who bought it lately, or let the block choose something else for them.",
                who=who,
                severity=place.severity,
                confidence=Confidence.HIGH if place.sure else Confidence.MEDIUM,
                column=columns[0],
                reason="is offered what they bought lately",
            )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _names(mail: Mail, columns: Sequence[str], buyers: Who) -> Mapping[tuple[str, ...], Who]:
    """The products that were bought lately, as words, with those who bought them."""
    found: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for column in columns:
        for value, cell, _count in mail.values(column, buyers):
            for name in value if isinstance(value, list) else [value]:
                words = _words(name) if isinstance(name, str) else ()
                if 2 <= len(words) <= 12:
                    found.setdefault(words, {}).setdefault(column, []).append(cell)
    return {
        words: anybody([mail.with_values(column, cells) for column, cells in each.items()])
        for words, each in found.items()
    }


def _in_copy(mail: Mail, names: Mapping[tuple[str, ...], Who]) -> Iterator[_Place]:
    sizes = {len(name) for name in names}
    slugs = {"".join(words): who for words, who in names.items()}
    for part in mail.parts:
        if part.part not in PARTS or part.program.fatal or not names:
            continue
        text = text_of(part)
        each = [(found.start(), found.end(), found[0].casefold()) for found in _WORD.finditer(text)]
        places: list[_Place] = []
        for size in sizes:
            for at in range(len(each) - size + 1):
                who = names.get(tuple(word for _start, _end, word in each[at : at + size]))
                if who is not None and len(places) < MOST:
                    start, end = each[at][0], each[at + size - 1][1]
                    places += _offered(part, text, start, end, copy_of(part).span(start, end), who)
        for link in links_of(mail, part):
            tail = re.split(r"[?#]", link.target)[0].rstrip("/").rpartition("/")[2]
            who = slugs.get("".join(_words(re.sub(r"[-_+]", " ", unquote(tail)))))
            if who is not None and len(places) < MOST:
                start = len(copy_of(part).between(0, link.start))
                sold = _PAGE.search(link.target) is not None and not _OWNED.search(link.words)
                places += _offered(part, text, start, start, Span(link.start, link.end), who, sold=sold)
        yield from (replace(one, bought=surely(part, one.span.start) & one.bought) for one in places)


def _offered(
    part: PartReading, text: str, start: int, end: int, span: Span, who: Who, *, sold: bool = False
) -> Iterator[_Place]:
    """The place, if the product is offered there and not spoken of as the reader's own."""
    first, last = sentence(text, start, end)
    around = f"{text[first:start]} {text[end:last]}"  # a product may be called "Huila washed", or "A guide to stars"
    if _OWNED.search(around) or _MINE.search(text[first:start]) or _BESIDE.search(text[first:start]):
        return
    linked = start == end
    if not linked and (_OTHER.match(text, end) or _PART_OF_NAME.match(text, end) or _beside(text[first:start])):
        return
    alone = linked or not re.search(r"\w", text[first:start] + text[end:last])
    beside = text[max(0, start - _BEHIND) : end + _BEHIND]
    above = text[max(0, start - _BEHIND) : last] if alone else text[first:last]
    if _meant(text, (first, last), (start, end), above, alone=alone):
        yield _Place(part, span, who, True)
    elif _PUSHED.search(text[first:start]) or _selling("sell").search(beside if alone else _line(text, start, end)):
        yield _Place(part, span, who, False)
    elif sold or (alone and _SHOWN.search(beside)):
        yield _Place(part, span, who, False, Severity.LOW)


def _beside(before: str) -> bool:
    """Whether something else is offered, or the reader has the product, by what stands before it in its sentence."""
    return _HELD.search(before) is not None and not _HELLO.search(before)


def _meant(text: str, sentence_at: tuple[int, int], place: tuple[int, int], above: str, *, alone: bool) -> bool:
    """Whether the product itself was chosen for the reader: in its own sentence, or under a heading that says so."""
    (first, last), (start, end) = sentence_at, place
    for one in (*_selling("pick").finditer(text, first, start), *_MEANT.finditer(text, first, start)):
        if not _DEEDS.search(text[one.end() : start]):
            return True
    for one in (*_selling("pick").finditer(text, end, last), *_MEANT.finditer(text, end, last)):
        gap = text[end : one.start()]
        if len(gap.split()) <= _GAP and not re.search(r"\band\b|\w,", gap) and not _DEEDS.search(text[end:last]):
            return True
    if alone and _MEANT.search(above) and not _DEEDS.search(above):
        return True
    begin = max(0, start - _BEFORE)
    near = text[begin : end + (_BEHIND if alone else 0)]
    return any(_heads(near, one) for one in _selling("pick").finditer(near))


def _line(text: str, start: int, end: int) -> str:
    """The line around a stretch, as far as words beside it count."""
    before = text[max(0, start - _BEHIND) : start].rpartition("\n")[2]
    return before + text[start:end] + text[end : end + _BEHIND].partition("\n")[0]


def _heads(text: str, one: re.Match[str]) -> bool:
    """Whether words that offer stand in a short line of their own, without a thing that they offer."""
    begin = text.rfind("\n", 0, one.start()) + 1
    close = text.find("\n", one.end())
    rest = text[begin : one.start()] + text[one.end() : close if close >= 0 else None]
    return (
        len(rest.strip()) <= _LIST_HEAD
        and "," not in rest
        and not re.search(r"\w", text[one.end() : close if close >= 0 else None])
    )


def _in_columns(mail: Mail, columns: Sequence[str]) -> Iterator[_Place]:
    """Where a column chosen for the reader prints what the reader has."""
    for one in printed(mail):
        if not _CHOSEN.search(one.column) and not _CHOSEN.search(mail.labels.get(one.column, "")):
            continue
        for part, region in one.places:
            if region.expression.columns == (one.column,):
                who = anybody([_same(mail, one.column, column) for column in columns])
                # Where escaping is not documented the bytes are unknown, and what a reader makes of them is not.
                as_is = prints_as_is(region, one.column)
                reads = surely(part, region.expression.span.start) if as_is else region.of_kind(OutcomeKind.PRINTED)
                yield _Place(part, region.expression.span, reads & who, True)


def _same(mail: Mail, chosen: str, bought: str) -> Who:
    """Those whose chosen thing is what they bought."""
    pairs = [
        found.cells
        for found in mail.audience.distinct((chosen, bought))
        if found.cells[0] and found.cells[1] and _value(mail, found.cells[0]) & _value(mail, found.cells[1])
    ]
    return mail.audience.where((chosen, bought), pairs)


def _value(mail: Mail, cell: str) -> frozenset[tuple[str, ...]]:
    """The products that a cell names, as words."""
    value = mail.row(("it",), (cell,)).get("it", "")
    each = [_words(str(one)) for one in (value if isinstance(value, list) else [value])]
    return frozenset(words for words in each if words)


@cache
def _selling(kind: str) -> re.Pattern[str]:
    words = [wording for found, wording in rows("claims", "selling", " = ") if found == kind]
    return re.compile(rf"(?<!\w){any_of(words)}{'(?! to (?!you))' if kind == 'pick' else ''}(?!\w)", re.IGNORECASE)
