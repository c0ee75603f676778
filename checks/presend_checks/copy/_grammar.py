"""Words that cannot stand together in an English sentence: "You doesn't", "a offer", "should of"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend_checks._lexicon import rows
from presend_checks._sparing import Sparing, sparing
from presend_checks.copy._english import is_english

_STARTS = r"(?:^[^\S\n]*|(?<=[.!?\n:]\s))"
"""Where a sentence begins; what stands before a subject may change what it agrees with."""


def slips_of_grammar(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Where a text is wrong whatever is meant, with what may be meant; English only."""
    for pattern, meant in _patterns():
        for found in pattern.finditer(text):
            if is_english(text, found.start(), found.start()):
                yield found, meant


@cache
def _patterns() -> tuple[tuple[Sparing, str], ...]:
    found = []
    for shape, meant, _example, _twin in rows("copy", "grammar", " => "):
        loose = shape.replace(" ", r"[^\S\n]+").replace("<start>", _STARTS)
        found.append((sparing(loose, re.IGNORECASE | re.MULTILINE, shape=shape), meant))
    return tuple(found)
