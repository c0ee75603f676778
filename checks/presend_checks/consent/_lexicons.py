"""The word lists of the checks of consent, as expressions."""

from __future__ import annotations

import re
from functools import cache, partial

from presend_checks._lexicon import any_of, entries

lines = partial(entries, "consent")
"""The entries of a list as they are written."""


@cache
def phrases(name: str) -> re.Pattern[str]:
    """Any of the entries where a word begins."""
    return re.compile(rf"(?<!\w){any_of(lines(name))}", re.IGNORECASE)
