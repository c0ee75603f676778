"""Amounts and offers in plain text: what they come to, which words make them none, and that long texts are quick."""

from __future__ import annotations

from time import process_time

import pytest

from presend_checks._amounts import amounts
from presend_checks._discounts import offers
from presend_checks._lexicon import entries


def keys(text: str) -> list[set[str]]:
    return [set(one.keys) for one in offers(text)]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("20 % off", "20%"),
        ("twenty per cent off", "20%"),
        ("a fifth off", "20%"),
        ("a third off", "33%"),
        ("33.3% off", "33%"),
        ("two thirds off", "66%"),
        ("half price", "50%"),
        ("½ price", "50%"),
        ("pay 80% of the price", "20%"),
        ("a tenner off", "£10"),
        ("we'll deduct £10 at the till", "£10"),
        ("we cut 20% from every price", "20%"),
        ("GBP 10 off", "£10"),
        ("10,- € off", "€10"),
        ("$1,490.00 off", "$1490"),
        ("three for two", "3 for 2"),
        ("buy two, get one free", "3 for 2"),
        ("buy three and pay for two", "3 for 2"),
        ("bogof", "2 for 1"),
        ("second pair free", "2 for 1"),
        ("free delivery today", "free delivery"),
        ("delivery is on us today", "free delivery"),
    ],
)
def test_the_same_offer_has_one_key_in_any_words(text: str, same: str) -> None:
    assert keys(text) == [{same}]


def test_a_cut_price_is_also_what_it_comes_to() -> None:
    assert keys("was £40, now £30") == [{"£30 for £40", "£10", "25%"}]
    assert keys("was £30, now £40") == []


def test_sums_of_large_numbers_and_ranges_are_read_whole() -> None:
    assert [one.key for one in amounts("£5 million, 1p, Rs. 500, C$15 and 12.5%")] == [
        "£0.01",
        "₹500",
        "CAD15",
        "12.5%",
    ]


def test_an_amount_belongs_to_one_offer() -> None:
    assert keys("Was £60, now £45: save £15 with code FERN") == [{"£45 for £60", "£15", "25%"}, {"£15"}]
    assert keys("Get your second coat at 40% off") == [{"second coat at 40% off"}]


@pytest.mark.parametrize("entry", entries("people", "not_taken_off"))
def test_less_of_other_things_is_no_discount(entry: str) -> None:
    said = entry.replace("*", "s")

    assert keys("Save 20% today") == [{"20%"}]
    assert keys(f"Save 20% today, {said}") == []


@pytest.mark.parametrize("entry", entries("people", "free_things"))
def test_what_is_free_with_everybody_is_no_offer(entry: str) -> None:
    assert keys("Free lamp when you join") == [{"free lamp"}]
    assert keys(f"Free {entry} when you join") == []


UNITS = ("save ", "£1 ", "buy one ", "20% ", "was £9 ", "free a ", "a fifth ", "code x ", "one hundred ", "-")


@pytest.mark.parametrize("unit", UNITS)
def test_long_texts_of_anything_are_quick(unit: str) -> None:
    """Ten times the text takes no more than some ten times as long: it is read once, and no place for all others."""
    hostile = unit * (100_000 // len(unit))
    begins = process_time()
    list(offers(hostile))

    assert process_time() - begins < 5
