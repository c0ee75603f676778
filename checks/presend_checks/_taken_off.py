"""Amounts that are taken off a price, by the words around them in their sentence; shared by the families of checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from presend_checks._amounts import Amount, amounts
from presend_checks._lexicon import any_of, entries
from presend_checks._offered import MOST, Bound, Offer, around, for_everybody, for_now, holds

# -- what is said behind an amount

_NOT_OFF = (
    r"(?!-|[ ](?:road|grid|peak|duty|target|course|track|balance|limits|the (?:mark|pace|record|best|coast|ball|debt"
    r"|deficit|edge|time)|(?:its|his|her|their|my) (?!prices?|usual|normal|full|list|list price)|(?:\w+ )?(?:duty|tax"
    r"|taxes|vat)|(?:the |each |every |all |your "
    r"|its )?(?:old |dead )?(?:stems?|branch(?:es)?|leaf|leaves|roots?|petals?|tops?|hedges?|length|dough|crust|bark"
    r"|skin"
    r"|path|road|soil|wood|twigs?|shoots?|hook|wall|shelf))\b)"
)
_OFF = re.compile(
    r"[ -]?(?:(?:is|are|will be|has been|have been|gets?|comes?|automatically|straight|instantly|extra|flat|right"
    r"|immediately|money|or more|taken|knocked|slashed|deducted|coming|shaved|chopped|lopped|of (?:the|your) (?:price"
    r"|cost|bill"
    r"|fee))[ -])*off\b" + _NOT_OFF + r"| (?:disappear|vanish|melt away)s?\b",
    re.IGNORECASE,
)
_KINDS = (
    r"(?:price drops?|discounts?|reductions?|savings?|rebates?|mark-?downs?|price[ -]cuts?|vouchers?|coupons?"
    r"|gift ?(?:cards?|vouchers?|certificates?)|credits?|cash[ -]?back)"
)
_NOUN = re.compile(
    rf"(?: (?:in|of|worth of)(?= ))?[ -]?(?P<sort>(?:[a-z'-]+[ -]){{0,3}}?){_KINDS}\b(?! (?:cards?|rating|score|check"
    rf"|limit|union|line|accounts?|in (?!this|your|our|the (?:mail|app|shop|store)|store)"
    r"|makes|is the perfect|is a (?:lovely|great|perfect)))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:of|in|on|the|and|or|is|are|to|for|with|no|more|than|at|as|by)\b", re.IGNORECASE)
"""Words that do not stand between an amount and the discount that it is of."""
_LESS = re.compile(
    r" (?:less|lower)(?= (?:until|till|on|for|with|at|this|today|tonight|tomorrow|when|if|by|in|from|now|off"
    r"|than (?:usual|normal|before|the|our|list|you))\b|[.,:;!?)\n]|$)",
    re.IGNORECASE,
)
_CHEAPER = re.compile(
    r" cheaper\b(?! (?:to\b|than (?!usual|normal|before|yesterday|ever|last|list|the (?:usual|normal|list|full|shop)))"
    r"|-)"
    r"| (?:below|under|lower than|less than) (?:the |our |its |their )?(?:full|list|usual|normal|regular|retail|rrp"
    r"|shop"
    r"|original|standard|catalogue|ticket|recommended|high[- ]street)\b",
    re.IGNORECASE,
)
_PRICES = re.compile(
    r"\b(?:pay|prices?|costs?|codes?|checkout|vouchers?|till|spend|orders?|everything|fees?|fares?|tickets?|rates?|bill"
    r"|basket|book|booked|buy|enrol\w*|than usual|all our|every|all)\b",
    re.IGNORECASE,
)
"""In the sentence of a price that is less; elsewhere it is fat or plastic of which there is less."""
_BACK = re.compile(
    r" (?:cash[ -]?)?back\b(?! (?:in (?!store|shop|vouchers?|credit|your)|to|from the (?:state|tax)))",
    re.IGNORECASE,
)
_BACK_FOR = re.compile(
    r"\b(?:spend|get|gets|on every|on each|on all|with every|when you|claim|you'll have)\b", re.IGNORECASE
)
_GIVEN = re.compile(
    r" (?:to spend|towards? your|on us|on the house|on your (?:account|card|next|first)|in your (?:account|wallet|purse"
    r"|basket)|is (?:yours|waiting)|for you (?:with|to|on|at)|just for you|for your (?:next|first))\b"
    r"| (?:with|using|if you use|when you use) (?:the |your |our |this |promo |discount )*code\b",
    re.IGNORECASE,
)
_OF_PRICE = re.compile(
    r" of (?:the |its |our |their )?(?:usual |normal |full |list |regular |ticket |original )?(?:price|cost|fee"
    r"|fare)s?\b",
    re.IGNORECASE,
)
_ON_ALL = re.compile(
    r" on (?:all|everything|every|the whole|our whole|the entire|our entire|selected)\b", re.IGNORECASE
)
_ENDS = re.compile(
    r"(?= (?:on|off|when|with|until|till|today|tonight|this|at|if|by|in|for|code|every|per|now|is|are|will|waiting"
    r"|inside|and|from)\b|[.,:;!?)\u2013-]|\s*$)",
    re.IGNORECASE,
)
_A_YEAR = re.compile(r"^.{0,30}\b(?:a|per|every|each) (?:day|week|month)\b", re.IGNORECASE)
_HALF_PRICE = re.compile(
    r"[ -](?:price|(?:the|its|their|your|our|of the) (?:usual |normal |full |list |regular )?(?:price|cost|fee|fare))"
    r"s?\b",
    re.IGNORECASE,
)
_PAY_LATER = re.compile(r" (?:now|today|up ?front|in |later|the rest|and half|first|by )", re.IGNORECASE)

# -- what is said before an amount

_SAVE = re.compile(
    r"\bsav(?:e|ing)(?: (?:an?|an extra|extra|up to|another|further|yourself|over|more than|at least|around|about"
    r"|nearly|almost|as much as|a whopping|a massive|a huge|a cool|flat|full|instantly|you|a total of|your"
    r"|big[,:]?))* $",
    re.IGNORECASE,
)
_SAVERS = re.compile(
    r"\b(?:users|customers|households|families|readers|companies|owners|people|clients|who|could|would|it|they"
    r"|teams?)\b"
    r"[^,;:]{0,30}$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b{_KINDS}(?: codes?)?(?:(?: (?:of|worth|for|over|valued at|up to|as much as|at least|starting at|an?|the|this"
    r"|extra|full|another|just|here|today|this \w+))*|:|,| -| \u2013| \u2014)*[ :] ?$",
    re.IGNORECASE,
)
_NOT_NAMED = re.compile(r" (?:in|of|to)\b|(?:,| and| or| ?/) ?[£$€]\d", re.IGNORECASE)
"""Behind an amount that is a share of something, or one of the sums that a voucher is sold for."""
_WE_PAY = re.compile(
    r"\bwe(?:'ll| will)? (?:pay|cover|take care of|pick up|chip in|contribute) (?:for )?$", re.IGNORECASE
)
_WE_PAY_OF = re.compile(r" (?:of|on|off|towards?) (?:your|the|every|each)\b", re.IGNORECASE)
_WE_CUT = re.compile(
    r"\b(?:we(?:'ll|'re|'ve| will| have)?|codes? \S{3,24}) (?:deduct|take|taking|knock|cut|slash|subtract|chop|shave)"
    r"(?:s|ed|ing|ting)? (?:an? |another |a further )?$",
    re.IGNORECASE,
)
_WE_CUT_FROM = re.compile(r" (?:from|at|on) (?:the|your|every|all|each|any)\b", re.IGNORECASE)
_DROPPED = re.compile(
    r"\b(?:prices?|fees?|fares?|costs?|rates?)\b[^,;:.]{0,40}?\b(?:down|dropped|drops?|fell|fallen|falls?|cut"
    r"|slashed) $",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?P<verb>reduc(?:ed|e|ing)|cut(?:ting)?|slash(?:ed|ing)?|lower(?:ed|ing)?|drop(?:ped|s|ping)?|down|marked down"
    r"|discounted|knocked down|cheaper|fall(?:s|en|ing)?|trimmed|come down|go(?:es)? down)(?P<what>[^,;:.]{0,50}?)"
    r"(?: by|(?<=down)|(?<=discounted))(?: (?:an?|up to|a further|another|an extra|over|full|as much as|at least))*"
    r"[ :] ?$",
    re.IGNORECASE,
)
_THEIR_OWN = re.compile(
    r"\b(?:our|their|its|his|her|my) (?!prices?|fees?|fares?|rates?|entire|whole|range)", re.IGNORECASE
)
_PRICED = re.compile(
    r"\b(?:prices?|pricing|fees?|fares?|costs?|rates?|rrp|tariffs?|total|bill|basket|all|every|everything|whole"
    r"|entire|selected|sale"
    r"|range|marked|discounted)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\bcodes?:? \S{3,24}(?: (?:for|and get|to get|gives?|gets?|you|is worth|saves?|is good for|brings|means|unlocks"
    r"|an?"
    r"|extra|your|up to|further))+ $",
    re.IGNORECASE,
)
_SALE = re.compile(
    r"\b(?:sale|clearance|outlet|deals?|black friday|cyber monday|discounted|reduced|marked down)\b[^#]{0,60}$",
    re.IGNORECASE,
)
_GIVE = re.compile(
    r"\b(?:here's|here is|there's|there is|have|take|your|we(?:'ll| will|'ve| have)? (?:give|put|add|added|pay|got)"
    r"|enjoy|get|gets|an?|use|spend|code|extra)\b|^\W*$|: $",
    re.IGNORECASE,
)
_PAY = re.compile(r"\bpay(?:s|ing)? (?:just |only |but )?$", re.IGNORECASE)
_FOR_PART = re.compile(r"\b(?:pay(?:s|ing)?|for|at) (?:just |only |but |about )?$", re.IGNORECASE)
_MINUS = re.compile(r"(?:^|[\s(:>\u2022])(?:[-\u2013\u2212] ?|minus )$", re.IGNORECASE)
_UP_TO = re.compile(r"\b(?:up to|as much as|as high as|maximum of)\W*$", re.IGNORECASE)
_AT_LEAST = re.compile(r"\b(?:at least|from|starting at|over|more than|minimum of)\W*$", re.IGNORECASE)
_GOODS = re.compile(
    r"\b(?:buy|sell|send|win|choose|give|purchase)(?:ing|s)? (?:somebody |someone |them |him |her |mum |dad )?"
    r"(?:an?|your|the|one|our)? ?$",
    re.IGNORECASE,
)
"""In front of a voucher that is itself for sale."""


_BARE = re.compile(
    r"\b(?:flat|extra|takes?|knocks?) (?P<flat>\d{1,3}) off\b(?!-)"
    r"|\b(?:halv(?:e|ed|es|ing)|(?:cut|slash)(?:s|es|ing|ed|ting)? in half) [^.!?\n]{0,20}\b(?:price|cost|fee|fare)s?\b"
    r"|\b(?:price|cost|fee|fare)s? (?:[\w'-]+ ){0,5}(?:halved|(?:cut|slashed|chopped) in half)\b",
    re.IGNORECASE,
)
"""A number without a unit that is surely taken off, and prices that are halved."""


@cache
def _other_things() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(entries('people', 'not_taken_off'), star=True)}(?!\w)", re.IGNORECASE)


def taken_off(text: str) -> Iterator[Offer]:
    """Every amount of a text that is taken off, in order."""
    for amount in islice(amounts(text), MOST):
        before, behind = around(text, amount.start, amount.end)
        found = _judged(amount, before, behind)
        if found is None:
            continue
        amount, back, ahead = found
        start, end = amount.start - back, amount.end + ahead
        if holds(text, amount.start, amount.end):
            sure = for_everybody(text, start, end) or for_now(text, start, end)
            yield Offer(start, end, frozenset({amount.key}), amount, _bound(before), sure)
    for one in islice(_BARE.finditer(text), MOST):
        if holds(text, *one.span()):
            yield Offer(one.start(), one.end(), frozenset({one["flat"] or "50%"}))


def _bound(before: str) -> Bound:
    if _UP_TO.search(before):
        return Bound.MOST
    return Bound.LEAST if _AT_LEAST.search(before) else Bound.EXACT


def _judged(amount: Amount, before: str, behind: str) -> tuple[Amount, int, int] | None:
    """The amount that is taken off, with how many characters before and behind it say so; None where it is not."""
    if amount.share and (half := _half(amount, behind)):
        return half
    off = _OFF.match(behind)
    if off:
        return amount, 0, off.end()
    noun = _noun(behind)
    if noun and not (_GOODS.search(before) or _other_things().search(f"{before}#{behind}")):
        return amount, 0, noun
    if _other_things().search(f"{before}#{behind}"):
        return None
    return _weaker(amount, before, behind)


def _half(amount: Amount, behind: str) -> tuple[Amount, int, int] | None:
    found = _HALF_PRICE.match(behind) if amount.value == 50 else None
    return (amount, 0, found.end()) if found else None


def _noun(behind: str) -> int:
    """How far the discount stands behind its amount; 0 where it does not."""
    found = _NOUN.match(behind)
    return found.end() if found and not _BETWEEN.search(found["sort"]) else 0


def _weaker(amount: Amount, before: str, behind: str) -> tuple[Amount, int, int] | None:
    """By wordings that are of other things than prices, too."""
    whole = f"{before}#{behind}"
    ends = _ENDS.match(behind) is not None or not behind.strip()
    save = _SAVE.search(before)
    if save and not _SAVERS.search(before[: save.start()]) and not _A_YEAR.match(behind) and (ends or not amount.share):
        return amount, len(save[0]), 0
    named = _NAMED.search(before)
    if named and not _NOT_NAMED.match(behind):
        return amount, len(named[0]), 0
    priced = _PRICES.search(whole) or before.endswith("for ")
    less = _CHEAPER.match(behind) or (_LESS.match(behind) if priced else None)
    if less:
        return amount, 0, less.end()
    back = _BACK.match(behind)
    if back and _BACK_FOR.search(whole):
        return amount, 0, back.end()
    by = _BY.search(before)
    if by and not _THEIR_OWN.search(by["what"]) and _fallen(amount, before):
        return amount, len(by[0]), 0
    return _weakest(amount, before, behind, ends=ends)


def _fallen(amount: Amount, before: str) -> bool:
    """Whether it is a price that came down: it says so, or it came down by a sum of money."""
    return _PRICED.search(before) is not None or amount.coin != "%"


def _weakest(amount: Amount, before: str, behind: str, *, ends: bool) -> tuple[Amount, int, int] | None:
    """By wordings that need another one beside them."""
    code, given = _CODE.search(before), _GIVEN.match(behind)
    if (code and ends) or (given and _GIVE.search(before)):
        return amount, len(code[0]) if code else 0, given.end() if given else 0
    of_price = _OF_PRICE.match(behind)
    pays = _PAY.search(before)
    part = _FOR_PART.search(before) if of_price else None
    if part and of_price and amount.coin == "%" and amount.value < 100:
        return Amount(100 - amount.value, "%", amount.start, amount.end), len(part[0]), of_price.end()
    if pays and amount.share and amount.value == 50 and not _PAY_LATER.match(behind):
        return amount, len(pays[0]), 0
    if amount.value == 50 and amount.share and before.endswith("for ") and re.match(r"[.!]|\s*$", behind):
        return amount, 4, 0
    ours, dropped = _WE_PAY.search(before), _DROPPED.search(before)
    cut = _WE_CUT.search(before)
    if cut and _WE_CUT_FROM.match(behind):
        return amount, len(cut[0]), 0
    if (ours and _WE_PAY_OF.match(behind)) or (dropped and ends and not amount.share):
        return amount, len((ours or dropped or [""])[0]), 0
    if amount.coin != "%":
        minus = _MINUS.search(before) if re.match(r" (?:on|off|with|at) |[.!]?\s*$", behind) else None
        return (amount, len(minus[0]), 0) if minus and before.strip(" -\u2013\u2212\u2022") else None
    if not amount.share and (_MINUS.search(before) and ends and amount.value < 100):
        return amount, 1, 0
    on_all = _ON_ALL.match(behind)
    if on_all and not amount.share:
        return amount, 0, on_all.end()
    return (amount, 0, 0) if ends and not amount.share and _SALE.search(before) else None
