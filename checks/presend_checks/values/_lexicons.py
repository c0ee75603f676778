"""The word lists of the checks of values, as sets."""

from __future__ import annotations

from functools import cache, partial

from presend_checks._lexicon import entries

lines = partial(entries, "values")
"""The entries of a list as they are written."""


@cache
def exactly(name: str) -> frozenset[str]:
    """The entries as they are written, for whole values."""
    return frozenset(lines(name))


@cache
def words(name: str) -> frozenset[str]:
    """The entries without case, for whole values."""
    return frozenset(line.casefold() for line in lines(name))


@cache
def names_too() -> dict[str, frozenset[str]]:
    """Placeholders that are also names, each with the spellings that only computers write."""
    found = {}
    for line in lines("names_too"):
        word, _, spellings = line.partition("|")
        found[word.strip().casefold()] = frozenset(spellings.split())
    return found
