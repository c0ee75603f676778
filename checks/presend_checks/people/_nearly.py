"""Two records of one birthday and postcode: whether their names are nearly the same, as when one person came twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations

from rapidfuzz.distance import OSA, JaroWinkler

from presend.model import Confidence
from presend_checks._lexicon import pairs
from presend_checks.people._given import are_one, letters

_LEAST = 4
"""Letters of the shortest name in which one other letter is a slip: Ann and Ian are two people."""
_ALIKE = 0.9
"""From this likeness on (Jaro and Winkler, 1990), which weighs the beginnings, two names differ by a slip."""
_MANY = 12
"""Of more people with one birthday and postcode both are what a form filled in by itself."""

Copy = tuple[int, str, str]
"""Somebody's number in the audience, given name and family name."""


def nearly_one(blocks: Iterable[Sequence[Copy]]) -> dict[Confidence, set[int]]:
    """The numbers of those who have nearly the name of another one in their block, by how sure it is."""
    found: dict[Confidence, set[int]] = {Confidence.MEDIUM: set(), Confidence.LOW: set()}
    for copies in blocks:
        for one, other in combinations(copies, 2) if len(copies) <= _MANY else ():
            sure = _nearly(_plain(one), _plain(other))
            if sure is not None:
                found[sure] |= {one[0], other[0]}
    found[Confidence.LOW] -= found[Confidence.MEDIUM]
    return found


def _plain(copy: Copy) -> tuple[str, str]:
    return letters(copy[1].partition(" ")[0]), letters(copy[2])


def _nearly(one: tuple[str, str], other: tuple[str, str]) -> Confidence | None:
    """How sure it is that two full names, in plain letters and not the same, are one person's."""
    (given, family), (given_too, family_too) = one, other
    if not all((*one, *other)):
        return None
    if given == family_too and family == given_too and given != family:
        return Confidence.MEDIUM
    if family == family_too:
        if given == given_too or are_one(given, given_too):
            return Confidence.MEDIUM
        # Twins have names that sound alike: where both are names, they are two people's.
        twins = given in _names() and given_too in _names()
        return Confidence.LOW if _slip(given, given_too) and not twins else None
    return Confidence.MEDIUM if given == given_too and _slip(family, family_too) else None


def _slip(one: str, other: str) -> bool:
    """Whether one name is the other but for a letter, or for two that stand in the wrong order."""
    if min(len(one), len(other)) < _LEAST or OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    return JaroWinkler.similarity(one, other) >= _ALIKE


@cache
def _names() -> frozenset[str]:
    """Given names that many people have, in plain letters."""
    common: Iterable[str] = (name for name, kinds in pairs("values", "common_names", "|").items() if "given" in kinds)
    return frozenset(map(letters, (*common, *pairs("people", "given", "|"))))
