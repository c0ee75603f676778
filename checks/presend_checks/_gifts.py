"""Offers without an amount that is taken off: sets, things for nothing, fees waived, cut prices; shared by families."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from presend_checks._amounts import MONEY, Amount, keyed, money
from presend_checks._lexicon import any_of, entries
from presend_checks._offered import FOR_NOW, MOST, Offer, around, for_now, holds

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: at for at, word in enumerate(_WORDS, start=1)}
_N = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_FREE = r"(?:(?:completely |absolutely |totally )?free(?!-)|for nothing|on us|on the house|half[ -]price|gratis)\b"
_NTH = r"(?:second|third|fourth|fifth|sixth|tenth|next|other|another|2nd|3rd|4th)"
_SETS = re.compile(
    rf"(?<![\w.,])(?P<many>{_N})[ -]?for[ -]?(?:just |only )?(?P<few>{_N})\b(?![.,:]\d|%| ?(?:%|per ?cent|hours?"
    rf"|minutes?"
    rf"|days|weeks|years|months|people|persons|players|overs|miles|km|am\b|pm\b|the hours?))"
    rf"|\b(?P<many2>{_N}) (?:\w+ ){{0,2}}for the price of (?:just |only )?(?P<few2>{_N})\b"
    rf"|\b(?:buy|order|get|take|book|stay|choose|pick) (?:any )?(?P<many3>{_N})\b[^.!?\n]{{0,25}}?\bpay (?:just "
    rf"|only )?"
    rf"(?:for )?(?:just |only )?(?P<few3>{_N})\b(?![.,]?\d|%)"
    rf"|\b(?:buy|order|book|get|take) (?:any )?(?P<bought>{_N}|an?)\b[^.!?\n]{{0,30}}?[ ,](?:and )?(?:get|take|receive"
    rf"|have|we add) (?:the |an? |your )?(?P<given>{_N}|{_NTH})\b[^.!?\n]{{0,20}}? {_FREE}"
    rf"|\bpay for (?P<few4>{_N})\b[^.!?\n]{{0,15}}?[ ,](?:get|take|stay|have) (?P<many4>{_N})\b"
    rf"|\b(?P<many5>{_N}) \w+ for (?P<few5>{_N})\b(?= ?[.,!;:)\n]|$| (?:on|until|this|today|tonight|before|after|all"
    r"|when|at|every|deal|offer)\b)"
    r"|\bbogof?\b",
    re.IGNORECASE,
)
_WAYS = ("", "2", "3", "4", "5")
_NEXT = re.compile(
    rf"\b(?:(?:every|each) )?(?P<nth>{_NTH}) (?:[\w'-]+ ){{0,3}}?(?:is |are |comes? |at |for |costs (?:just |only )?)?"
    rf"(?:(?:just|only) )?(?:{_FREE}|(?:for |at )?(?:1p\b|a penny\b|[£$€] ?1\b(?![.,]?\d))|(?:at )?\d{{1,2}} ?% off\b)"
    rf"|\b(?:bring|take) (?:a|your|one) (?:[\w-]+ ){{1,3}}?(?:along )?(?:for )?free\b",
    re.IGNORECASE,
)
_ON_US = re.compile(
    r"(?<![\w'-])(?P<thing>[\w'-]{1,30})(?: (?:is|are|will be|tastes)|'s) on (?:us"
    r"|the house)\b(?= ?[.,!:;?)\n]| (?:today|tonight"
    r"|this"
    r"|until|till|when|with|if|for|from|on)\b| ?$)"
    r"|\bfirst (?:\w+ )?(?P<first>month|months|class|lesson|week|box|delivery|night|year|drink|round|session|visit"
    r"|treatment|bag|bottle|hour)s? (?:is |are )?(?:free|for nothing|for free)\b(?!-)",
    re.IGNORECASE,
)
_GUESTS = re.compile(
    r"\b(?:kids|children|toddlers|babies|under[- ]?\d{1,2}'?s|grandparents|dads|mums|dogs|teenagers"
    r"|teens) (?:(?:under|below|up to|aged) (?:the age of )?\d+ )?(?:\w+ )?(?:go"
    r"|eat|stay|ski|play|travel|swim|get in|fly|ride|enter|skate|dance|train|sail|come|climb) (?:for )?free\b(?!-)",
    re.IGNORECASE,
)
_IF = (
    r"(?:with (?:every|any|each|all|your (?:first|next|order))|when you|if you (?:spend|buy|order|book|join|switch)"
    r"|for every|on every|with (?:orders|purchases)|with an? (?:order|purchase))\b"
)
_UNLESS = "".join(
    rf"(?<!{word} )"
    for word in (
        *("gluten", "sugar", "dairy", "fat", "lactose", "nut", "alcohol", "cruelty", "plastic"),
        *("hassle", "worry", "risk", "stress", "care"),
    )
)
"""In front of what is free of something."""
_GIFT = re.compile(
    rf"(?<![-\w]){_UNLESS}(?:free|complimentary) (?P<gift>(?!of\b|from\b|to\b|and\b|for\b|with\b)[\w'-]+(?: (?!with\b"
    rf"|when\b|if\b|for\b|on\b)[\w'-]+)"
    rf"{{0,2}}?)(?P<why> {_IF}| (?:on|with) all\b)"
    r"|\b(?:an?|one|your|two|three) free (?P<dated>[\w'-]+(?: [\w'-]+)?)(?=[^.!?\n]{0,50}\b(?:until|today|tonight"
    r"|tomorrow"
    r"|this (?:week|month|weekend)|with code|only)\b)"
    r"|(?<![-\w])free (?P<worked>engraving|gift[ -]wrap(?:ping)?|gift|upgrade|installation|fitting|personalisation"
    r"|personalization|monogram\w*|alterations|sharpening|desserts?|starters?|drinks?|coffees?)\b"
    r"|(?<![\w'-])(?P<thing>[\w'-]{1,30}) (?:is|are) (?:completely |absolutely )?free\b(?! (?:of|from|to|until"
    r"|between|at)\b|-)",
    re.IGNORECASE,
)
_DEED = re.compile(r"\b(?:mention|show|quote|enter|every|with (?:any|each|every))\b", re.IGNORECASE)
_ROOM = re.compile(
    r"\b(?:seats?|tables?|halls?|rooms?|slots?|lines?|places?|courts?|lanes?|chairs?|spots?|diary|still|appointments?"
    r"|you"
    r"|we|evenings?|mornings?|hands|spaces?|she|he|they|it|who|museum|library|park)\b",
    re.IGNORECASE,
)
"""What is free when nobody has taken it."""
_DELIVERY = re.compile(
    r"\bfree (?:[a-z]+ )?(?:delivery|shipping|postage|p&p)\b|\b(?:delivery|shipping|postage) (?:is |are "
    r"|comes )?(?:free|on"
    r" us|on the house)\b|\bships? free\b|\bwe(?:'ll| will)? (?:pay|cover) (?:for )?(?:the|your) (?:delivery|shipping"
    r"|postage)\b|\b(?:no|zero) (?:delivery|shipping|postage) (?:charges?|fees?|costs?)\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"^[^.!?\n]{0,30}\b(?:over|above|orders? (?:from|of)|spend|minimum|always|returns?)\b"
    r"|^ on all orders\b",
    re.IGNORECASE,
)
"""Behind free delivery that is always so from some sum on, which is no offer of the day."""
_FEE = re.compile(
    r"\bno (?:joining|sign[- ]?up|enrol(?:l)?ment|set[- ]?up|booking|admin(?:istration)?|registration|activation"
    r"|start(?:er|"
    r"[- ]up)|membership|entry) (?:fee|charge)s?\b|\b(?:waiv\w+|scrap\w*|drop(?:ped|ping)?|skip\w*) (?:the|your|all"
    r"|our)"
    rf" (?:{MONEY} )?(?:[\w-]+ ){{0,2}}(?:fee|charge)s?\b|\bwe(?:'ll| will)? (?:pay|cover|absorb) (?:the|your) (?:vat"
    rf"|tax|"
    r"sales tax|duty|entry|fee|fare|train|deposit|parking)\b|\b(?:vat|tax)[- ]free (?:day|weekend|week|friday"
    r"|monday)\b",
    re.IGNORECASE,
)

# -- a price that was another one

_GAP = r"[^\n£$€₹#]"
_WAS = (
    r"(?:was|were|used to be|usual(?:ly)?|normal(?:ly)?|regular(?:ly)?|rrp|list price|full price|original(?:ly)?"
    r"|formerly"
    r"|previously|instead of|old price|before)"
)
_CUT = re.compile(
    rf"\b{_WAS}\b(?: price)?:?[ ](?:just |at |costs? |priced at |is |the )?(?P<old>{MONEY}){_GAP}{{0,50}}?\b(?:now"
    rf"|today|this"
    rf" (?:week|month|weekend)|only|pay|yours|down to|for|sale|at|tonight|until"
    rf"|members)\b{_GAP}{{0,30}}?(?P<new>{MONEY})"
    rf"|(?P<new2>{MONEY}){_GAP}{{0,30}}?\b(?:{_WAS}|rather than|down from|reduced from|not|marked down from)\b:?[ ]"
    rf"(?:the usual |it was )?(?P<old2>{MONEY})"
    rf"|\bfrom (?P<old3>{MONEY}){_GAP}{{0,30}}?\bto (?:just |only |as little as )?(?P<new3>{MONEY})"
    rf"|\b(?:down|drop(?:s|ped)?|reduced|cut|falls?|fallen|slashed) to (?:just "
    rf"|only )?(?P<new4>{MONEY}) from (?P<old4>{MONEY})",
    re.IGNORECASE,
)
_CUT_TO = re.compile(
    rf"\b(?:reduced|marked down|slashed|cut|discounted|lowered|dropped|price (?:[\w'-]+ ){{0,4}}(?:drops?|falls?|fell"
    rf"|goes down|comes down|down)) to (?:just |only |as little as )?(?P<to>"
    rf"{MONEY})",
    re.IGNORECASE,
)
_LEAST = 0.1
"""Of the old price; a new one below that is the price of something else."""


@cache
def _other_things() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(entries('people', 'not_taken_off'), star=True)}(?!\w)", re.IGNORECASE)


@cache
def _free_things() -> frozenset[str]:
    return frozenset(entries("people", "free_things"))


def gifts(text: str) -> Iterator[Offer]:
    """What is given for nothing, by kind and then in order."""
    for each in (_sets, _nexts, _presents, _fees):
        for one in each(text):
            if holds(text, one.start, one.end):
                yield one
    for found in islice(_DELIVERY.finditer(text), MOST):
        if holds(text, *found.span()) and not _TERMS.search(text[found.end() : found.end() + 60]):
            yield _offer(found, "free delivery", sure=for_now(text, *found.span()))


def _offer(found: re.Match[str], key: str, *, sure: bool = True) -> Offer:
    return Offer(found.start(), found.end(), frozenset({key}), sure=sure)


def _number(word: str) -> int:
    small = word.casefold()
    return int(small) if small.isdigit() else 1 if small in ("a", "an") else _NUMBERS.get(small, 1)


def _sets(text: str) -> Iterator[Offer]:
    for one in islice(_SETS.finditer(text), MOST):
        many, few = (one[f"many{each}"] for each in _WAYS), (one[f"few{each}"] for each in _WAYS)
        each, paid = next((word for word in many if word), ""), next((word for word in few if word), "")
        if each:
            few_more = _number(each) - _number(paid) < 3 or not (one["many"] or one["many5"])
            if 0 < _number(paid) < _number(each) and few_more:
                yield _offer(one, f"{_number(each)} for {_number(paid)}")
        elif one["bought"]:
            bought = _number(one["bought"])
            half = " at half price" if one[0].casefold().endswith("price") else ""
            yield _offer(one, f"{bought + _number(one['given'])} for {bought}{half}")
        else:
            yield _offer(one, "2 for 1")


def _nexts(text: str) -> Iterator[Offer]:
    for one in islice(_NEXT.finditer(text), MOST):
        # "Get your next letter free of charge" is no set, and "the other is free from ten" is of time.
        if not re.match(r" (?:of|from|to)\b", text[one.end() : one.end() + 6]):
            words = " ".join(one[0].casefold().split())
            second = (one["nth"] or "").casefold() in ("second", "2nd", "other", "another") and words.endswith("free")
            yield _offer(one, "2 for 1" if second else words)


def _presents(text: str) -> Iterator[Offer]:
    for one in islice(_ON_US.finditer(text), MOST):
        yield _offer(one, f"free {(one['thing'] or one['first']).casefold()}")
    for one in islice(_GUESTS.finditer(text), MOST):
        yield _offer(one, f"free {one[0].split()[0].casefold()}")
    for one in islice(_GIFT.finditer(text), MOST):
        thing = (one["gift"] or one["dated"] or one["worked"] or one["thing"]).casefold()
        before, behind = around(text, *one.span())
        whole = f"{before}{one[0]}{behind}"
        if one["thing"] and not (FOR_NOW.search(whole) or _DEED.search(whole)):
            continue
        if one["worked"] and not (FOR_NOW.search(whole) or re.match(rf"[^.!?]{{0,30}}\b{_IF}", behind, re.IGNORECASE)):
            continue
        for_all = (set(thing.split()) | {thing}) & _free_things() and not (one["thing"] and thing == "entry")
        if _DELIVERY.search(one[0]) or for_all:
            continue
        if not (one["thing"] and _ROOM.search(thing)) and not re.search(r"\bfeel $", before):
            yield _offer(one, f"free {thing}")


def _fees(text: str) -> Iterator[Offer]:
    for one in islice(_FEE.finditer(text), MOST):
        yield _offer(one, "no fee", sure=for_now(text, *one.span()))


def cut_prices(text: str) -> Iterator[Offer]:
    """Prices that came down, with the old one or without; an amount of them is taken off by no other words."""
    for one in islice(_CUT.finditer(text), MOST):
        old, coin = money(next(one[name] for name in ("old", "old2", "old3", "old4") if one[name]))
        new, coin_too = money(next(one[name] for name in ("new", "new2", "new3", "new4") if one[name]))
        if coin == coin_too and old * _LEAST <= new < old and _is_price(text, one):
            keys = {f"{keyed(new, coin)} for {keyed(old, coin)}", keyed(old - new, coin)}
            percent = 100 * (1 - new / old)
            keys |= {keyed(round(percent), "%")} if abs(percent - round(percent)) < 0.5 else set()
            amount = Amount(old - new, coin, one.start(), one.end())
            yield Offer(one.start(), one.end(), frozenset(keys), amount)
    for one in islice(_CUT_TO.finditer(text), MOST):
        if _is_price(text, one):
            yield Offer(one.start(), one.end(), frozenset({f"to {keyed(*money(one['to']))}"}))


def _is_price(text: str, one: re.Match[str]) -> bool:
    before, behind = around(text, *one.span())
    return holds(text, *one.span()) and not _other_things().search(f"{before}{one[0]}{behind}")
