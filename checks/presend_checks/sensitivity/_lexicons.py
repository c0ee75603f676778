"""The word lists of the checks of sensitivity, as expressions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial

from presend_checks._lexicon import any_of, entries, rows
from presend_checks._sparing import Sparing, sparing

lines = partial(entries, "sensitivity")
"""The entries of a list as they are written."""


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """The entries by what stands before their bar: `health | chronic illness`."""
    found: dict[str, tuple[str, ...]] = {}
    for kind, entry in rows("sensitivity", name, "|"):
        found[kind] = (*found.get(kind, ()), entry)
    return found


@cache
def phrases(name: str) -> Sparing:
    """Any of the entries as whole words."""
    return whole(lines(name))


def whole(several: Iterable[str]) -> Sparing:
    """Any of some entries as whole words of one line; `*` ends any word."""
    return sparing(rf"(?<![\w-]){words_of(several)}(?![\w-])")


def words_of(several: Iterable[str]) -> str:
    """Any of some entries, as part of an expression."""
    return any_of(several, blanks=r"[^\S\n]+", star=True)
