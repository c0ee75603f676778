"""Every entry of the lists of goods for adults, with what it must find and what it must leave alone."""

from __future__ import annotations

import pytest

from presend_checks._lexicon import entries, rows
from presend_checks.consent._goods import goods_in, kinds
from presend_checks.consent._lexicons import lines
from presend_checks.consent.age_restricted import _ages

ADULT_ONLY = [line.partition("|")[::2] for line in lines("restricted") if line[0] != "!"]
PLAIN = {"alcohol": "gin", "gambling": "roulette", "tobacco": "snuff", "cannabis": "cbd", "all": "gin"}
"""A good of each kind that is one where its sentence sells it."""


def offers(text: str) -> dict[str, int]:
    """The kinds of goods for adults that a text offers, and where."""
    return {kind: found.start() for kind, found in goods_in(text)}


def entry_fails(kind: str, entry: str) -> bool:
    """Whether an entry is not found with what it needs, or found without."""
    word = entry.lstrip("~+")
    marked = [other for of, other in ADULT_ONLY if of == kind and other[0] in "+~" and other[:2] != "~~"]
    another = next((one for one in (other.lstrip("+~") for other in marked) if one[:3] != word[:3]), "")
    text = {"+": f"Order {word} now.", "~": f"New: {word} and {another}."}.get(entry[0], f"New: {word.title()}!")
    return kind not in offers(text) or (kind in offers(f"New: {word}")) is (entry[0] in "+~")


@pytest.mark.parametrize("kind", kinds())
def test_these_goods_are_for_adults(kind: str) -> None:
    """`restricted`: what is sure alone; what needs to be sold, or a second word."""
    assert [entry for of, entry in ADULT_ONLY if of == kind and entry_fails(kind, entry)] == []


def test_these_are_no_such_goods() -> None:
    """Behind "!" in `restricted`."""
    innocent = [line[2:] for line in lines("restricted") if line[0] == "!"]
    assert [entry for entry in innocent if offers(f"Try our {entry} today.")] == []


@pytest.mark.parametrize(("kind", "shape", "example", "twin"), rows("consent", "offered", " => "))
def test_this_turn_offers_them(kind: str, shape: str, example: str, twin: str) -> None:
    assert kind in offers(example), shape
    assert kind not in offers(twin), shape


@pytest.mark.parametrize("entry", lines("no_drinks"))
def test_with_these_words_nothing_is_offered_to_drink(entry: str) -> None:
    assert offers(f"Red wine and beer, {entry}") == {}
    assert offers(f"Wine and beer.\n\nRed wine and beer, {entry}") == {"alcohol": 0}


def test_beside_these_words_a_drink_is_another_thing() -> None:
    """`things` behind its name, `before_goods` before it."""
    sides = [*(("", f" {one}") for one in entries("consent", "things"))]
    sides += [(f"{one} ", "") for one in entries("consent", "before_goods")]
    assert [pair for pair in sides if offers("Order our {0}gin{1} and {0}whisky{1}, £9".format(*pair))] == []
    assert offers("Order our gin and whisky, £9") == {"alcohol": 10}


@pytest.mark.parametrize(("kind", "entry"), rows("consent", "harmless", "|"))
def test_with_these_words_a_sentence_offers_none(kind: str, entry: str) -> None:
    for one in {of for of, _good in ADULT_ONLY if of == kind or (kind == "all" and of != "!")}:
        good = next(other for of, other in ADULT_ONLY if of == one and other[0] not in "+~")
        assert one not in offers(f"Our {good}, {entry}, for you")
        assert one in offers(f"Our {good}, for you")


@pytest.mark.parametrize(("kind", "entry"), rows("consent", "sells", "|"))
def test_with_these_words_a_sentence_sells(kind: str, entry: str) -> None:
    assert offers(f"For you: {entry}, {PLAIN[kind]}, hello") != {}
    assert offers(f"For you: {PLAIN[kind]}, hello") == {}


def test_before_these_words_a_good_is_meant_itself() -> None:
    """`follows_goods`."""
    several = entries("consent", "follows_goods")
    assert [entry for entry in several if offers(f"Order gin {entry} zebras").get("alcohol") != 6] == []
    assert [entry for entry in several if "alcohol" in offers(f"Order gin zebras {entry}")] == []


@pytest.mark.parametrize("entry", lines("ages"))
def test_this_country_asks_for_more_years(entry: str) -> None:
    kind, country, age = entry.split("|")
    assert kind in kinds()
    assert _ages()[kind, country] == int(age) > 18
