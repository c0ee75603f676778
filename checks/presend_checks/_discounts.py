"""Where the copy names a discount: an amount that is taken off; shared by the families of checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_SHARES = {"half": "50%", "third": "33%", "quarter": "25%", "fifth": "20%", "tenth": "10%"}
"""Parts of a price in words."""
_SHARE = rf"(?:(?:an?|one)[ -])?(?P<share>{'|'.join(_SHARES)})"
_MORE = re.compile(
    r"\bhalf[ -](?:price|off)\b|\bhalf (?:the|its|their|your) (?:usual |normal )?price\b"
    rf"|\b(?:(?:an?|one) (?P<off>{'|'.join(_SHARES)}) off)\b"
    rf"|\bsav(?:e|ing) (?:an?|one) (?P<saved>{'|'.join(_SHARES)})"
    r"(?= (?:on|off|when|with|until|today|this)\b|[.,:;!?\n]|$)"
    rf"|\b(?:flat|extra) (?P<flat>\d{{1,3}}) off\b"
    rf"|\b(?:reduced|cut|down|lowered) by (?P<cut>{SUM})"
    rf"|(?<![\w%.,])(?<!\d )[-–−] ?(?P<minus>\d{{1,2}} ?%)"
    rf"|(?P<voucher>[£$€] ?\d{{1,4}}(?:[.,]\d\d)?) (?:voucher|coupon)\b"
    rf"|\b(?:voucher|coupon) (?:worth|for|over) (?P<worth>{SUM})",
    re.IGNORECASE,
)
_LESS = re.compile(
    rf"(?:(?P<sum>{SUM})|{_SHARE}) (?:less|cheaper)"
    r"(?= (?:until|till|on|for|with|at|this|today|tonight|when|if|by|in|from|now)\b|[.,:;!?)\n]|$)",
    re.IGNORECASE,
)
_PRICES = re.compile(
    r"\b(?:pay|prices?|costs?|codes?|checkout|vouchers?|till|spend|orders?|everything)\b", re.IGNORECASE
)
"""In the line of a price that is less; elsewhere it is fat or plastic of which there is less."""
_ONE_MORE = {"2": "1", "3": "2", "4": "3", "5": "4", "two": "one", "three": "two", "four": "three", "five": "four"}
_SETS = re.compile(
    r"\b(?P<many>[2-5]|two|three|four|five)[ -]for[ -](?:the price of )?(?P<few>[1-4]|one|two|three|four)\b"
    r"|\bbuy (?:any )?(?:one|two|three|four|[1-4])\b[^.!?\n]{0,20}[ ,](?:get|take) (?:the |an? )?(?:one|two|second|"
    r"third|fourth|fifth|next|other|another|[1-4])\b[^.!?\n]{0,16} (?:free|half price|for nothing|on us)\b|\bbogo\b",
    re.IGNORECASE,
)
_DELIVERY = re.compile(
    r"\bfree (?:[a-z]+ )?(?:delivery|shipping|postage)\b|\b(?:delivery|shipping|postage) (?:is |are )?(?:free|on us)\b"
    r"|\bships? free\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"^[^.!?\n]{0,30}\b(?:over|above|orders? (?:from|of)|spend|minimum|always|returns?)\b", re.IGNORECASE
)
"""Behind free delivery that is always so from some sum on, which is no offer of the day."""
_FOR_NOW = re.compile(
    r"\b(?:today|tonight|tomorrow|until|till|only|code|week(?:end)?|now|ends?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
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
    """Without blanks, `percent` as a sign, parts of a price as a percentage; words for what has no amount."""
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
    for one, amount, sure in _offers(copy.text):
        line, begin = _line(copy.text, one)
        if _FRIENDS.search(line[:1000]) or _NONE.search(copy.text[max(begin, one.start() - 60) : one.start()]):
            continue
        bound = _BOUND.search(copy.text[max(begin, one.start() - 20) : one.start()]) or "up to" in one[0].lower()
        readers = surely(part, copy.span(*one.span()).start)
        found.append(_Place(amount, " ".join(one[0].split()), readers, exact=sure and not bound))
    return found


def _line(text: str, one: re.Match[str]) -> tuple[str, int]:
    """The line in which something was found, and where it begins."""
    begin = text.rfind("\n", 0, one.start()) + 1
    end = text.find("\n", one.end())
    return text[begin : end if end >= 0 else None], begin


def _offers(text: str) -> Iterator[tuple[re.Match[str], str, bool]]:
    """Every way in which something is taken off: where, how much, and whether that is surely an offer of its own."""
    for one in (*OFF.finditer(text), *_MORE.finditer(text)):
        yield one, _amount(one), True
    for one in _LESS.finditer(text):
        if _PRICES.search(_line(text, one)[0][:1000]):
            yield one, _amount(one), True
    for one in _SETS.finditer(text):
        many, few = (one[name] and one[name].casefold() for name in ("many", "few"))
        if not many or _ONE_MORE[many] == few:
            yield one, " ".join(one[0].casefold().split()), True
    for one in _DELIVERY.finditer(text):
        if not _TERMS.search(text[one.end() : one.end() + 60]):
            yield one, "free delivery", bool(_FOR_NOW.search(_line(text, one)[0][:1000]))


def _amount(one: re.Match[str]) -> str:
    said = next((value for value in one.groups() if value), "half")
    return _SHARES.get(said.casefold()) or plain(said)


def plain(amount: str) -> str:
    """An amount without blanks and idle zeros, with a sign for `percent`."""
    squeezed = re.sub(r"per ?cent", "%", amount, flags=re.IGNORECASE).replace(" ", "").replace(",", ".")
    return re.sub(r"\.0+(?=%|$)", "", squeezed)
