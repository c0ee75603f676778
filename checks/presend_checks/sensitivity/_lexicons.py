"""The word lists of the checks of sensitivity, as expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial

from presend_checks._lexicon import any_of, entries, rows

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
def phrases(name: str) -> re.Pattern[str]:
    """Any of the entries as whole words."""
    return whole(lines(name))


def whole(several: Iterable[str]) -> re.Pattern[str]:
    """Any of some entries as whole words of one line; `*` ends any word."""
    words = any_of(several, blanks=r"[^\S\n]+", star=True)
    return re.compile(rf"(?<![\w-]){words}(?![\w-])", re.IGNORECASE)
