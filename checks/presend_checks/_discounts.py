"""Where the copy names a discount: an amount that is taken off; shared by the families of checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from presend.mail import Mail
from presend.model import Part
from presend.reading import NOBODY, PartReading, Who
from presend_checks._copy import copy_of, surely

SUM = r"\d{1,2}(?:[.,]\d)? ?(?:%|per ?cent\b)|[£$€] ?\d{1,4}(?:[.,]\d\d)?(?!\d)"
OFF = re.compile(
    rf"({SUM}) (?:off|discount|reduction|savings?)\b|\b(?:save|saving) (?:up to )?({SUM})|\bdiscount of ({SUM})",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhalf[ -]price\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:no|not|never|without|was|were|ended|expired|missed)\b[^.!?\n]{0,30}$", re.IGNORECASE)
"""Before a discount that nobody gives."""
_FRIENDS = re.compile(r"\b(?:friends?|refer|referrals?|recommend|invite)\b", re.IGNORECASE)
"""In the line of a reward for bringing somebody, which stands in many a footer and is no offer of the day."""

_BOUND = re.compile(r"\b(?:up to|as much as|at least|from)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Place:
    """One discount where it stands."""

    amount: str
    words: str
    readers: Who
    exact: bool


_FOUND: WeakKeyDictionary[PartReading, list[_Place]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Discounts:
    """What a message takes off for its readers."""

    amounts: frozenset[str]
    """Without blanks, `percent` as a sign; `half` for half the price."""
    words: str
    """The first of them, as it stands in the copy."""
    who: Who
    """Those who surely read one."""
    exact: bool = True
    """Whether none of them is only a bound, as "up to 50% off" is."""


def discounts(mail: Mail) -> Discounts:
    """The discounts that a message names; in html, plain text is not looked at besides."""
    parts = [part for part in mail.parts if not part.program.fatal and part.source.strip()]
    html = any(part.part is Part.HTML for part in parts)
    read = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML if html else Part.TEXT)
    found = [one for part in parts if part.part in read for one in _in(part)]
    who = NOBODY
    for each in found:
        who = who | each.readers
    exact = all(one.exact for one in found)
    return Discounts(frozenset(one.amount for one in found), found[0].words if found else "", who, exact)


def _in(part: PartReading) -> list[_Place]:
    """The discounts of a part, found once for all the mails that are compared with it."""
    if part not in _FOUND:
        _FOUND[part] = _looked_for(part)
    return _FOUND[part]


def _looked_for(part: PartReading) -> list[_Place]:
    copy = copy_of(part)
    found = []
    for one in (*OFF.finditer(copy.text), *_HALF.finditer(copy.text)):
        begin = copy.text.rfind("\n", 0, one.start()) + 1
        end = copy.text.find("\n", one.end())
        line = copy.text[begin : end if end >= 0 else None]
        if _FRIENDS.search(line[:1000]) or _NONE.search(copy.text[max(begin, one.start() - 60) : one.start()]):
            continue
        amount = next((plain(value) for value in one.groups() if value), "half")
        bound = _BOUND.search(copy.text[max(begin, one.start() - 20) : one.start()]) or "up to" in one[0].lower()
        readers = surely(part, copy.span(*one.span()).start)
        found.append(_Place(amount, " ".join(one[0].split()), readers, exact=not bound))
    return found


def plain(amount: str) -> str:
    """An amount without blanks and idle zeros, with a sign for `percent`."""
    squeezed = re.sub(r"per ?cent", "%", amount, flags=re.IGNORECASE).replace(" ", "").replace(",", ".")
    return re.sub(r"\.0+(?=%|$)", "", squeezed)
