"""Shares and sums of money as copy writes them, in figures and in words; shared by the families of checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_SMALL = {word: at for at, word in enumerate(f"{_ONES} eighteen nineteen".split(), start=1)}
_TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TENS = {word: 10 * at for at, word in enumerate(_TEN_WORDS, start=2)}
_TENS |= {"hundred": 100, "a hundred": 100, "one hundred": 100}
_WORDS = rf"(?:a |one )?hundred|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(list(_SMALL)[:9])}))?|{'|'.join(_SMALL)}"
_FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{1,6}(?:[.,]\d{1,2})?(?![\d.,]*\d)"
_COINS = {
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "quid", "p", "pence"), "£"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "€"),
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "buck", "bucks"), "$"),
    **dict.fromkeys(("₹", "rs", "rs.", "inr", "rupees"), "₹"),
    **dict.fromkeys(("chf", "francs"), "CHF"),
    **dict.fromkeys(("c$", "ca$", "cad"), "CAD"),
    **dict.fromkeys(("a$", "au$", "aud"), "AUD"),
    **dict.fromkeys(("nz$", "nzd"), "NZD"),
    **dict.fromkeys(("kr", "kr.", "sek", "nok", "dkk", "kronor", "kroner"), "kr"),
    **dict.fromkeys(("pln", "zł", "złoty"), "PLN"),
    **dict.fromkeys(("¥", "jpy", "yen"), "¥"),
}
_CODES = r"gbp|eur|usd|inr|chf|cad|aud|nzd|sek|nok|dkk|pln|jpy"
_SIGN = rf"(?:us|ca?|au?|nz)?\$|[£€₹¥]|(?:{_CODES}|kr)\b\.?|rs\b\.?"
_COIN = (
    rf"[£€₹¥]|\$(?!\d)|(?:{_CODES}|pounds?|quid|pence|p|euros?|dollars?|bucks?|rupees|francs|kr|kronor|kroner|zł"
    r"|złoty|yen)\b"
)
MONEY = (
    rf"(?<![\w.,])(?:(?:{_SIGN}) ?(?:{_FIGURES})(?:,-)?|(?:{_FIGURES})(?:,-)? ?(?:{_COIN})"
    r"|(?:a |one )?(?:tenner|fiver)\b)(?! ?(?:million|billion|thousand|bn|[km])\b)(?![%\d])"
)
"""A sum of money, without groups of its own."""
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_SIGNS = {"½": 50.0, "⅓": 100 / 3, "⅔": 200 / 3, "¼": 25.0, "¾": 75.0, "⅕": 20.0}
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<percent>{_FIGURES}|{_WORDS})[ -]?(?:[%％]|(?:per ?cent|pct)\b)"
    rf"|(?P<money>{MONEY})"
    rf"|\b(?P<said>{_WORDS}) (?P<coin>pounds?|quid|euros?|dollars?|bucks|rupees|francs)\b"
    rf"|\b(?:(?P<count>an?|one|two|three) )?(?:full |whole )?(?P<share>{'|'.join(_PARTS)})s?\b(?!'|-(?!price|off))"
    r"|(?<![\d/.,])(?P<above>[123])/(?P<below>[2-9]|10)(?![\d/])|(?P<sign>[½⅓⅔¼¾⅕])",
    re.IGNORECASE,
)
_NUMBER = re.compile(_FIGURES)


@dataclass(frozen=True, slots=True)
class Amount:
    """So many percent, or so much money."""

    value: float
    coin: str
    """The sign of the currency; `%` for a share."""
    start: int
    end: int
    share: bool = False
    """Whether it is a share in words or a fraction, which means many other things as well."""

    @property
    def key(self) -> str:
        """The same for the same amount, however it is written; thirds are rounded."""
        return keyed(self.value, self.coin)


def keyed(value: float, coin: str) -> str:
    """`20%`, `£5`, `£4.99`."""
    if coin == "%":
        thirds = round(value * 3 / 100)
        return f"{33 * thirds if abs(value * 3 - thirds * 100) < 2 and thirds in (1, 2) else round(value, 1):g}%"
    return f"{coin}{round(value, 2):g}"


def amounts(text: str) -> Iterator[Amount]:
    """The amounts that a text names, in order."""
    for one in _AMOUNT.finditer(text):
        if one["percent"]:
            yield Amount(_number(one["percent"]), "%", *one.span())
        elif one["money"]:
            yield Amount(*money(one["money"]), *one.span())
        elif one["said"]:
            yield Amount(_number(one["said"]), _COINS[one["coin"].casefold()], *one.span())
        elif one["sign"]:
            yield Amount(_SIGNS[one["sign"]], "%", *one.span(), share=True)
        elif one["above"]:
            if int(one["above"]) < int(one["below"]):
                yield Amount(100 * int(one["above"]) / int(one["below"]), "%", *one.span(), share=True)
        elif one["count"] or one["share"].casefold() == "half":
            several = _SMALL.get((one["count"] or "one").casefold(), 1)
            yield Amount(100 * several / _PARTS[one["share"].casefold()], "%", *one.span(), share=True)


def money(words: str) -> tuple[float, str]:
    """How much a sum of money is, and in which currency."""
    small = words.casefold()
    if small.endswith(("tenner", "fiver")):
        return (10.0 if small.endswith("tenner") else 5.0), "£"
    found = _NUMBER.search(small)
    assert found is not None  # by the pattern
    coin = (small[: found.start()] + small[found.end() :]).replace(",-", "").strip()
    value = _number(found[0])
    return (value / 100 if coin in ("p", "pence") else value), _COINS.get(coin, coin.upper())


def _number(words: str) -> float:
    small = words.casefold().strip()
    if small[0].isdigit():
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d\d)?", small):
            return float(small.replace(",", ""))
        return float(small.replace(",", "."))
    return float(_TENS.get(small) or sum({**_SMALL, **_TENS}[word] for word in re.split(r"[ -]", small)))
