"""Sensitive things that a field, a value or the copy reveals, by category."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from presend_checks._copy import VALUE
from presend_checks._lexicon import any_of, rows
from presend_checks._needed import Needs, either, held
from presend_checks._sparing import Sparing, sparing
from presend_checks.sensitivity._lexicons import lines, phrases, table, whole, words_of

_VALUE = 90
"""Signs of a value beyond which it is a text, and no name of anything."""
_YOUR = r"your[^\S\n]+"
_MINE = (
    rf"{_YOUR}(?:(?:new|recent|latest|last|first|second|third|next|current|ongoing|chronic|severe|early|past|own|old"
    r"|type[^\S\n]+\d|stage[^\S\n]+\w+)[^\S\n]+)?"
)
"""Before what a reader has: "your new diagnosis" is "your diagnosis"."""
_KNOWN = (
    r"(?:as|because|since|now[^\S\n]+that|knowing[^\S\n]+that|seeing[^\S\n]+that"
    r"|(?:we[^\S\n]+know|you[^\S\n]+told[^\S\n]+us|our[^\S\n]+records[^\S\n]+(?:show|say))(?:[^\S\n]+that)?)"
)
_SUFFERS = (
    r"(?:have|suffer[^\S\n]+from|live[^\S\n]+with|are[^\S\n]+living[^\S\n]+with|are[^\S\n]+recovering[^\S\n]+from"
    r"|(?:were|have[^\S\n]+been)[^\S\n]+(?:diagnosed[^\S\n]+with|treated[^\S\n]+for)|are[^\S\n]+being[^\S\n]+treated[^\S\n]+for)"
)
_OF_KIND = {
    "faith": "jewish|muslim|catholic|christian|hindu|sikh|buddhist|mormon|evangelical|orthodox jewish",
    "sexuality": "gay|lesbian|bisexual|queer|trans|transgender|pansexual|asexual",
    "addiction": (
        r"in[^\S\n]+recovery(?![^\S\n]+(?:from|after)[^\S\n]+(?:an?|the|your|surgery)\b)"
        r"|sober(?![^\S\n]+(?:about|on|in|enough|minded))|an?[^\S\n]+(?:recovering[^\S\n]+)?(?:alcoholic|addict)"
    ),
    "debt": r"in[^\S\n]+(?:debt|arrears)(?![^\S\n]+to\b)|bankrupt|insolvent",
}
"""What somebody is said to be, behind "because you are", by category."""
_WEEKS = (
    r"you(?:['’]re|[^\S\n]+are)(?:[^\S\n]+(?:now|already|just|about))?(?:[^\S\n]+[\w-]+){1,2}[^\S\n]+(?:weeks?|months?)"
    r"[^\S\n]+pregnant"
)
_AILMENT = r"(?:[\w-]+[^\S\n]+){1,2}(?:disease|disorder|syndrome|infection|cancer)"
_SOMEBODY = r"(?:someone|somebody|a[^\S\n]+(?:person|patient|customer|member|reader|woman|man|parent))"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def field_category(column: str, label: str = "") -> str:
    """What a column is about by its name, else its label; empty where it is nothing sensitive."""
    return column_kind("fields", column, label)


def column_kind(lexicon: str, column: str, label: str = "") -> str:
    """The kind under which a lexicon of names of fields has a column, by its name, else its label; empty if none."""
    for name in (column, label):
        words = " ".join(re.split(r"[\W_]+", _CAMEL.sub(" ", name.rsplit(".", 1)[-1]))).strip()
        for category, pattern in _wholes(lexicon).items():
            if words and pattern.fullmatch(words):
                return category
        for category, pattern in _among_companions().items() if lexicon == "fields" else ():
            if pattern.fullmatch(words):
                return category
    return ""


@cache
def _among_companions() -> Mapping[str, Sparing]:
    """Names of fields that are a telling word and others that leave it one: "divorce stage", "week of pregnancy"."""
    beside = any_of(lines("field_companions"))
    return {
        category: sparing(rf"(?:{beside}\s+)*{any_of(words, star=True)}(?:\s+{beside})*")
        for category, words in table("field_words").items()
    }


def value_category(value: object) -> str:
    """What a value says by itself, as a whole or by a product in it; empty where it says nothing sensitive."""
    if not isinstance(value, str) or len(value) > _VALUE:
        return ""
    return _values().get(" ".join(value.split()).casefold(), "") or product_category(value)


def product_category(value: str) -> str:
    """What a product tells of whoever bought it; empty where it tells nothing."""
    if not held(value).meets(_any_goods()):
        return ""
    found = said("products", value)
    if phrases("innocent_goods").search(value):
        return ""
    if found is not None:
        return found[0]
    return next((category for category, pattern in _goods() if pattern.search(value)), "")


@cache
def _goods() -> tuple[tuple[str, Sparing], ...]:
    """Expressions for names of goods that tell, by category."""
    return tuple(
        (category, sparing(rf"(?<![\w-])(?:{_with_remedies(shape)})(?!\w)"))
        for category, shape, _example, _twin in rows("sensitivity", "telling_goods", " => ")
    )


@cache
def _any_goods() -> Needs:
    """What a name of any of them needs, or of a product: most values are none, and are asked once."""
    every = (*_wholes("products").items(), *_goods())
    return either(pattern.needs for _category, pattern in every)


def _with_remedies(shape: str) -> str:
    return shape.replace("<remedy>", any_of(lines("remedies"))).replace("'", "['’]")


@cache
def _values() -> Mapping[str, str]:
    return {entry.casefold(): category for category, entries in table("values").items() for entry in entries}


@cache
def _wholes(name: str) -> Mapping[str, Sparing]:
    if name == "conditions":
        return {category: _condition(category, entries) for category, entries in table(name).items()}
    return {category: whole(entries) for category, entries in table(name).items()}


def _condition(category: str, entries: Iterable[str]) -> Sparing:
    """What readers are said to have or to be; what is "your" stands behind one "your" for all."""
    mine = [entry.removeprefix("your ") for entry in entries if entry.startswith("your ")]
    others = [entry for entry in entries if not entry.startswith("your ")]
    words = [_YOUR + words_of(mine)] if mine else []
    words += [words_of(others)] if others else []
    whole_words = "|".join(words).replace(_YOUR, _MINE)
    shapes = [rf"(?<![\w-])(?:{whole_words})(?![\w-])", *_framed(category)]
    return sparing("|".join(shapes))


def _framed(category: str) -> Iterator[str]:
    """What readers are told that they have or are: "we know that you have diabetes", "now that you are a widow"."""
    people = [entry.removeprefix("as ") for entry in table("conditions")[category] if entry.startswith("as a")]
    frames = [rf"{_KNOWN}[^\S\n]+you(?:['’]re|[^\S\n]+are)[^\S\n]+{any_of(people)}"] if people else []
    if category in _OF_KIND:
        frames.append(
            rf"{_KNOWN}[^\S\n]+you(?:['’]re|[^\S\n]+are)(?:[^\S\n]+(?:now|also|both))?[^\S\n]+(?:{_OF_KIND[category]})"
        )
    if category == "pregnancy":
        frames.append(_WEEKS)
    if category == "health":
        ills = any_of(lines("suffered"))
        frames += [
            rf"{_KNOWN}[^\S\n]+you(?:['’]re|[^\S\n]+are)[^\S\n]+{any_of(lines('states'))}",
            rf"{_KNOWN}[^\S\n]+you[^\S\n]+{_SUFFERS}[^\S\n]+{ills}",
            rf"you(?:['’]ve|[^\S\n]+have)?(?:[^\S\n]+(?:recently|just|been|were))*[^\S\n]+diagnosed[^\S\n]+with[^\S\n]+{ills}",
            rf"your[^\S\n]+diagnosis[^\S\n]+of[^\S\n]+(?:\w+[^\S\n]+)?{ills}",
            rf"your[^\S\n]+(?:{ills}|{_AILMENT})[^\S\n]+(?:diagnosis|test[^\S\n]+results?)",
            rf"as[^\S\n]+{_SOMEBODY}(?:[^\S\n]+(?:who[^\S\n]+lives|living|suffering))?[^\S\n]+(?:with|from)[^\S\n]+{ills}",
        ]
    if frames:
        yield rf"(?<![\w-])(?:{'|'.join(frames)})(?![\w-])"


def said(name: str, text: str) -> tuple[str, re.Match[str]] | None:
    """The first words of a lexicon in a text, with their category."""
    for category, pattern in _wholes(name).items():
        if found := pattern.search(text):
            return category, found
    return None


def stands_alone(text: str, end: int) -> bool:
    """Whether words that end there are not the first half of a thing's name, as in "your pregnancy pillow"."""
    rest = text[end:]
    if not rest.strip() or rest[0] == VALUE:
        return True  # a branch ends there; a value would have a blank before it
    rest = rest.lstrip()
    if not (rest[0].isalnum() or rest[0] == VALUE) or phrases("ends").match(rest) is not None:
        return True
    return phrases("tails").match(rest) is not None
