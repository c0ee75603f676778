"""The words that made-up recipients consist of: names, cities and products, and what goes wrong in them."""

from __future__ import annotations

import random

NAMES = 20_000
"""Distinct first names, before anybody spoils them; the r-th is drawn as often as 1/r (Zipf)."""

CITIES = 1_500
PRODUCTS = 800
COMPANIES = 30_000

_ONSETS = (*"bcdfghjklmnprstvwyz", "br", "ch", "dr", "fl", "gr", "kl", "pr", "sh", "st", "th", "tr")
_VOWELS = ("a", "e", "i", "o", "u") * 12 + ("ai", "ea", "ia", "io", "ou") * 4 + ("é", "ö")
_CODAS = ("", "", "", "", "n", "l", "r", "s", "m", "nd", "th", "x")

JUNK = ("asdf", "N/A", "test", "-", "n/a", "xxx", "None", "do not call", "qwerty", "???", ".", "TEST TEST")
"""What people and imports leave where a first name belongs."""

MISPLACED = ("info@example.com", "Northwind Trading GmbH", "www.example.org", "+1 555 010 0199", "Smith & Sons Ltd.")
"""What is somebody's, but no first name."""

GARBLED = ("ZoÃ«", "AndrÃ©", "Anna&amp;Bob", "<b>Ann</b>", "JosÃ©")
"""Names after a round trip through the wrong encoding or through HTML."""

TEMPLATED = ("{{ first_name }}", "*|FNAME|*", "%FIRSTNAME%")
"""Another system's tag, imported as a value."""


def _word(draw: random.Random, syllables: int) -> str:
    return "".join(
        draw.choice(_ONSETS) + draw.choice(_VOWELS) + draw.choice(_CODAS) for _ in range(syllables)
    ).capitalize()


def _distinct(draw: random.Random, how_many: int, form: str = "{}") -> list[str]:
    found: dict[str, None] = {}
    while len(found) < how_many:
        word = _word(draw, draw.choice((1, 2, 2, 2, 3)))
        shape = draw.random()
        if shape < 0.01:
            word = f"{word}-{_word(draw, 1)}"
        elif shape < 0.015:
            word = f"O'{word}"
        found.setdefault(form.format(word))
    return list(found)


def words(seed: int) -> dict[str, list[str]]:
    """Every list of words by its name: name, city, product, company and the spoilt ones; the same for the same seed."""
    draw = random.Random(seed)
    return {
        "name": _distinct(draw, NAMES),
        "city": _distinct(draw, CITIES, "{}ville"),
        "product": _distinct(draw, PRODUCTS, "{} lamp"),
        "company": _distinct(draw, COMPANIES, "{} Ltd"),
        "junk": list(JUNK),
        "misplaced": list(MISPLACED),
        "garbled": list(GARBLED),
        "templated": list(TEMPLATED),
    }
