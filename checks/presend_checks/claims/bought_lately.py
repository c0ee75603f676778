"""CLM003: offering people what they bought last week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from presend.check import Need, check
from presend.dialects.base import OutcomeKind, Span
from presend.mail import Mail
from presend.model import Confidence, Hit, Part, Severity
from presend.reading import PartReading, Region, Who, anybody
from presend_checks._copy import copy_of, links_of, surely
from presend_checks._lexicon import any_of, rows
from presend_checks._numbers import day, share
from presend_checks._printed import printed
from presend_checks.claims._said import MOST, PARTS, bare, sentence, text_of

BOUGHT_DAYS = 30

_WORD = re.compile(r"\w+")
_OWNED = re.compile(
    r"\b(?:your|bought|purchased|ordered|own|care|caring|clean|cleaning|refills?|spare|accessor\w+|reviews?|rate"
    r"|how to|thanks?|thank|goes? with|pairs? with|match\w*|fits?|again|re-?order|restock|running low|top up|enjoying"
    r"|recall)\b",
    re.IGNORECASE,
)
_CHOSEN = re.compile(r"recommend|suggest|picked|pick_for|next_?(?:best_?)?product|you_?may_?like", re.IGNORECASE)
_BEFORE, _BEHIND = 600, 200
"""Characters around a product in which the words that offer it may stand."""


@dataclass(frozen=True, slots=True)
class _Place:
    part: PartReading
    span: Span
    cells: tuple[str, ...]
    """Of the last product, for those who bought this one."""
    sure: bool


def _may_offer(source: str) -> bool:
    text = bare(source)
    return bool(_CHOSEN.search(source) or _selling("pick").search(text) or _selling("sell").search(text))


@check(
    "CLM003",
    "bought-lately",
    mishaps=["M12"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.FACTS],
    options={"bought_days": BOUGHT_DAYS},
    asks={"last_product": _may_offer},
)
def bought_lately(mail: Mail) -> Iterator[Hit]:
    """The mail offers a product to people who have just bought it.

    Why it matters
    "Recommended for you" over what arrived last week says that nobody looked, and at a lower price it makes for a
    return.

    How to fix
    Leave out who bought it lately, or let the block choose something else for them.

    Known limits
    Only the last product of an order within `bought_days` (30), by its exact name of two words or more, in the copy, in
    the last part of a link or in a column whose name says that it is chosen for the reader. It must be offered: near
    "recommended for you" and the like with high, near "shop now" with medium confidence. Care, spare parts, reviews and
    "your …" are left alone, and so is a feed that only the platform fills. One finding per part.
    """
    if not (mail.has_fact("last_product") and mail.has_fact("last_order_at")):
        return
    dates, column = mail.fact("last_order_at"), mail.fact("last_product")
    days = int(mail.options["bought_days"])
    buyers = mail.audience.day_between(dates, day(mail.send_at, days - 1), day(mail.send_at, -1))
    names = _names(mail, column, buyers)
    found: dict[tuple[Part, bool], tuple[_Place, list[Who]]] = {}
    for place, who in (*_in_copy(mail, names), *_in_columns(mail, column)):
        found.setdefault((place.part.part, place.sure), (place, []))[1].append(who)
    for place, each in found.values():
        who = anybody(each) & buyers
        count = mail.audience.count(who)
        if count:
            yield Hit(
                mail.at(place.part, place.span),
                f"{share(count, mail.audience.size)} are offered what they bought less than {days} days before.",
                "Leave out who bought it lately, or let the block choose something else for them.",
                who=who,
                confidence=Confidence.HIGH if place.sure else Confidence.MEDIUM,
                column=column,
                reason="is offered what was the last thing they bought",
            )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _names(mail: Mail, column: str, buyers: Who) -> Mapping[tuple[str, ...], list[str]]:
    """The products that were bought lately, as words, with the cells that hold them."""
    names: dict[tuple[str, ...], list[str]] = {}
    for value, cell, _count in mail.values(column, buyers):
        words = _words(value) if isinstance(value, str) else ()
        if 2 <= len(words) <= 12:
            names.setdefault(words, []).append(cell)
    return names


def _in_copy(mail: Mail, names: Mapping[tuple[str, ...], list[str]]) -> Iterator[tuple[_Place, Who]]:
    sizes = {len(name) for name in names}
    column = mail.fact("last_product")
    for part in mail.parts:
        if part.part not in PARTS or part.program.fatal or not names:
            continue
        text = text_of(part)
        each = [(found.start(), found.end(), found[0].casefold()) for found in _WORD.finditer(text)]
        places: list[_Place] = []
        for size in sizes:
            for at in range(len(each) - size + 1):
                cells = names.get(tuple(word for _start, _end, word in each[at : at + size]))
                if cells is not None and len(places) < MOST:
                    start, end = each[at][0], each[at + size - 1][1]
                    places += _offered(part, text, start, end, copy_of(part).span(start, end), cells)
        for link in links_of(mail, part):
            tail = re.split(r"[?#]", link.target)[0].rstrip("/").rpartition("/")[2]
            cells = names.get(_words(re.sub(r"[-_+]", " ", unquote(tail))))
            if cells is not None and len(places) < MOST:
                start = len(copy_of(part).between(0, link.start))
                places += _offered(part, text, start, start, Span(link.start, link.end), cells)
        for place in places:
            yield place, surely(part, place.span.start) & mail.with_values(column, list(place.cells))


def _offered(part: PartReading, text: str, start: int, end: int, span: Span, cells: list[str]) -> Iterator[_Place]:
    """The place, if the product is offered there and not spoken of as the reader's own."""
    first, last = sentence(text, start, end)
    if _OWNED.search(text[first:last]):
        return
    near = text[max(0, start - _BEFORE) : end + _BEHIND]
    if _selling("pick").search(near):
        yield _Place(part, span, tuple(cells), True)
    elif _selling("sell").search(text[max(0, start - _BEHIND) : end + _BEHIND]):
        yield _Place(part, span, tuple(cells), False)


def _in_columns(mail: Mail, column: str) -> Iterator[tuple[_Place, Who]]:
    """Where a column chosen for the reader prints what the reader has."""
    for one in printed(mail):
        if not _CHOSEN.search(one.column) and not _CHOSEN.search(mail.labels.get(one.column, "")):
            continue
        for part, region in one.places:
            if region.expression.columns == (one.column,):
                both = _same(mail, one.column, column, region)
                yield _Place(part, region.expression.span, (), True), both


def _same(mail: Mail, chosen: str, bought: str, region: Region) -> Who:
    """Those who read the chosen thing where it is what they bought."""
    pairs = [
        found.cells
        for found in mail.audience.distinct((chosen, bought))
        if found.cells[0] and found.cells[1] and _value(mail, found.cells[0]) == _value(mail, found.cells[1])
    ]
    return region.of_kind(OutcomeKind.PRINTED) & mail.audience.where((chosen, bought), pairs)


def _value(mail: Mail, cell: str) -> tuple[str, ...] | None:
    words = _words(str(mail.row(("it",), (cell,)).get("it", "")))
    return words or None


@cache
def _selling(kind: str) -> re.Pattern[str]:
    words = [wording for found, wording in rows("claims", "selling", " = ") if found == kind]
    return re.compile(rf"(?<!\w){any_of(words)}(?!\w)", re.IGNORECASE)
