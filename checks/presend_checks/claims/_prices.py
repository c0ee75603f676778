"""Prices and discounts as the copy names them: what is paid, what is taken off, and neither of these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from presend_checks._discounts import offers
from presend_checks._offered import Bound

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{1,6}(?:[.,]\d\d)?"
_COINS = {"£": "GBP", "$": "USD", "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "DOLLARS": "USD"}
_MONEY = re.compile(
    rf"(?<![\w.,])(?:(?P<sign>[£$€]|(?:EUR|USD|GBP|CHF)\b) ?(?P<number>{_NUMBER})(?![\d%]|[.,]\d)"
    rf"|(?P<before>{_NUMBER}) ?(?P<coin>[£€]|\$(?!\d)|(?:EUR|USD|GBP|CHF|euros?|dollars)\b))",
    re.IGNORECASE,
)
_NO_PRICE = re.compile(
    r"\b(?:was|were|before|previously|formerly|instead of|rrp|usually|normally|regular(?:ly)?|old price|full price"
    r"|rather than|up to|from|over|above|under|below|between|more than|less than|at least|minimum|spend|save|saving"
    r"|worth|value of|valued at|raised?|donat\w+|deposit|voucher|credit|gift card|fee|fine|shipping|delivery|postage"
    r"|p&p|plus|extra|another|additional|members?|students?|children|kids|first|each further|refill|and|or|not|win"
    r"|prize|budget|per|tip|cash ?back|reward|bonus|add(?:ed)?|invest\w*|paid|spent|last year)\b[^.!?\n]{0,25}$"
    r"|\d\W{0,3}to $",
    re.IGNORECASE,
)
_NOT_BEHIND = re.compile(
    r"\s*(?:off\b|discount|voucher|coupon|credit|gift|shipping|delivery|postage|deposit|more\b|less\b|cheaper|[-–+]"
    r"|or\b|to\b|and\b|upwards|for (?:shipping|delivery|postage|members)|saved|raised|million|billion|k\b|m\b)",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:up to|extra|additional|further|another|plus|more|as much as|at least|from|between|to|or|and|members?"
    r"|students?|first|last year|usually|normally|instead of|was|not)\W*$|\bonly $|[-–] ?$",
    re.IGNORECASE,
)


_ASIDE = re.compile(
    r"\b(?:was|were|before|previously|formerly|instead of|rrp|usually|normally|shipping|delivery|postage)\b"
    r"[^.!?\n]{0,25}$",
    re.IGNORECASE,
)


class Amount(NamedTuple):
    """So much money."""

    coin: str
    cents: int


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of money in the copy."""

    amount: Amount
    words: str
    start: int
    end: int
    paid: bool
    """Whether it may be what the thing costs: nothing beside it says that it is something else."""
    aside: bool
    """Whether it surely is something else: what it cost before, what the post costs."""


@dataclass(frozen=True, slots=True)
class Off:
    """An amount that is taken off."""

    amount: str
    """The same for the same amount, however it is written: `20%`, `£5`."""
    words: str
    start: int
    end: int
    plain: bool
    """Nothing stands before it that makes it one of several amounts."""


def prices(text: str) -> Iterator[Price]:
    """The amounts of money in a text, in order."""
    for found in _MONEY.finditer(text):
        sign = (found["sign"] or found["coin"]).upper()
        before = text[max(0, found.start() - 60) : found.start()].rpartition("\n")[2]
        paid = not _NO_PRICE.search(before) and not _NOT_BEHIND.match(text[found.end() : found.end() + 30])
        amount = Amount(_COINS.get(sign, sign), _cents(found["number"] or found["before"]))
        yield Price(
            amount, " ".join(found[0].split()), found.start(), found.end(), paid, _ASIDE.search(before) is not None
        )


def _cents(number: str) -> int:
    """`1,490` is 149000, and so is `1490.00`; `49,95` is 4995."""
    whole, fraction = (number[:-3], number[-2:]) if re.search(r"[.,]\d\d$", number) else (number, "00")
    return int(re.sub(r"\D", "", whole)) * 100 + int(fraction)


def offs(text: str) -> Iterator[Off]:
    """What a text takes off by an amount, each place once; prices that were others are prices."""
    for one in offers(text):
        if one.amount is None or len(one.keys) > 1:
            continue
        before = text[max(0, one.start - 30) : one.start]
        only = one.bound is Bound.EXACT and not _HEDGED.search(before)
        yield Off(one.amount.key, " ".join(text[one.start : one.end].split()), one.start, one.end, only)
