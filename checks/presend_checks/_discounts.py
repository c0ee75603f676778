"""Which discounts a message names, to whom, and whether two messages surely give different ones; shared by families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from weakref import WeakKeyDictionary

from presend.mail import Mail
from presend.model import Part
from presend.reading import EVERYONE, NOBODY, PartReading, Who
from presend_checks._copy import copy_of, surely
from presend_checks._gifts import cut_prices, gifts
from presend_checks._offered import MOST, Bound, Offer, level
from presend_checks._taken_off import taken_off


@dataclass(frozen=True, slots=True)
class _Place:
    """One offer where it stands."""

    offer: Offer
    words: str
    readers: Who


_FOUND: WeakKeyDictionary[PartReading, list[_Place]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Discounts:
    """What a message takes off for its readers."""

    offers: tuple[Offer, ...]
    words: str
    """One of them, as it stands in the copy; of those that are sure the first."""
    who: Who
    """Those who surely read one."""

    @property
    def keys(self) -> frozenset[str]:
        """The same for the same offers, in whatever words."""
        return frozenset(key for one in self.offers for key in one.keys)


def discounts(mail: Mail) -> Discounts:
    """The discounts that a message names; in html, plain text is not looked at besides."""
    parts = [part for part in mail.parts if not part.program.fatal and part.source.strip()]
    html = any(part.part is Part.HTML for part in parts)
    read = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML if html else Part.TEXT)
    found = [one for part in parts if part.part in read for one in _in(part)]
    who = NOBODY
    for each in found:
        who = who | each.readers
    words = next((one.words for one in found if one.offer.sure), found[0].words if found else "")
    return Discounts(tuple(one.offer for one in found), words, who)


def in_all(variants: tuple[Mail, ...]) -> Discounts:
    """The discounts of all variants, and who reads one in each; none where a variant names none."""
    each = [discounts(one) for one in variants]
    if not each or not all(one.offers for one in each):
        return Discounts((), "", NOBODY)
    who = EVERYONE
    for one in each:
        who = who & one.who
    return Discounts(tuple(offer for one in each for offer in one.offers), each[0].words, who)


def surely_differ(one: Discounts, other: Discounts) -> bool:
    """Whether two messages give different things for certain: none stands in both, or may be part of the other."""
    if one.keys & other.keys:
        return False
    mine, theirs = ([each for each in all_of.offers if each.sure] for all_of in (one, other))
    if not mine or not theirs:
        return False
    return not any(_may_hold(a, b) or _may_hold(b, a) for a in mine for b in theirs)


def _may_hold(bound: Offer, other: Offer) -> bool:
    """Whether a bound, as "up to 50%", may mean the other offer as well."""
    if bound.bound is Bound.EXACT or bound.amount is None or other.amount is None:
        return False
    if other.bound is bound.bound:
        return False
    if bound.amount.coin != other.amount.coin:
        return True
    most = bound.bound is Bound.MOST
    return other.amount.value <= bound.amount.value if most else other.amount.value >= bound.amount.value


def _in(part: PartReading) -> list[_Place]:
    """The discounts of a part, found once for all the mails that are compared with it."""
    if part not in _FOUND:
        copy = copy_of(part)
        _FOUND[part] = [
            _Place(
                one,
                " ".join(copy.text[one.start : one.end].split()),
                surely(part, copy.span(one.start, one.end).start),
            )
            for one in islice(offers(copy.text), MOST)
        ]
    return _FOUND[part]


def offers(text: str) -> Iterator[Offer]:
    """The offers of a text, in order; nothing in it belongs to two of them."""
    text = level(text)
    taken = bytearray(len(text))
    found = []
    for one in (*cut_prices(text), *gifts(text), *taken_off(text)):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            found.append(one)
    yield from sorted(found, key=lambda one: one.start)
