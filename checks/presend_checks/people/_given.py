"""Given names side by side: whether two of them are two people's, or one person's in two spellings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import combinations

from presend_checks._lexicon import rows

_ALIKE = 0.67
"""From this likeness on two names may be one with slips of the keyboard (Kathrin, Catrin)."""


def several(names: Iterable[str]) -> bool:
    """Whether among some plain names are two that one person would hardly go by both."""
    given = {first for name in names if len(first := letters(name.partition(" ")[0])) > 1}
    return any(_apart(one, other) for one, other in combinations(sorted(given), 2))


@lru_cache(maxsize=4096)
def letters(name: str) -> str:
    """The letters of a plain name, without blanks, signs and accents."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter.isalpha())


def are_one(one: str, other: str) -> bool:
    """Whether of two given names in plain letters one is a short form of the other that many go by."""
    return (one, other) in _short_forms() or (other, one) in _short_forms()


@lru_cache(maxsize=16384)
def _apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if long.startswith(short) or are_one(one, other):
        return False
    return SequenceMatcher(None, one, other).ratio() < _ALIKE


@cache
def _short_forms() -> frozenset[tuple[str, str]]:
    return frozenset((letters(short), letters(whole)) for short, whole in rows("people", "short_names", "|"))
