"""Questions to DuckDB about whole texts that nearly everybody has for themselves: who shares one, whose is on a list.

Each reads every recipient's text, so it is cheap for one text, and its answer is kept by whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import assert_never

from presend.audience.engine import Fold
from presend.audience.rooms import quote
from presend.audience.shapes import folded

NOTHING = '""'
"""The key of a text without letters."""
_GMAIL = r"@(?:gmail|googlemail)\.com[\" ]*$"


def shared(cells: Sequence[str], fold: Fold, within: str = "", apart: Sequence[str] = ()) -> str:
    """The question for the numbers (`seq`) of those all of whose folded texts somebody else has too.

    `within` is a table of numbers of whom alone it can be true, such as those who share some of the texts. With cells
    to tell them `apart`, only those count who do not all have the same in these.
    """
    keys = [_key(cell, fold) for cell in cells]
    listed, names = ", ".join(keys), [f"k{number}" for number in range(len(cells))]
    people = f"a SEMI JOIN {within} ON {within}.seq = a.seq" if within else "a"
    text = '"%' if fold is Fold.CASE else '"%@%'
    everywhere = " AND ".join(f"{cell} LIKE {quote(text)}" for cell in cells)
    some = " AND ".join(f"{name} <> {quote(NOTHING)}" for name in names)
    kind = f", hash({', '.join(map(_loose, apart))}) AS kind" if apart else ""
    several = " AND min(kind) OVER same < max(kind) OVER same" if apart else ""
    # Numbers are counted before texts: of texts as many as there are people, none is held, and each is folded twice
    # at most. Keys stand where they are used: a name for one has DuckDB fold it again for each use of its name.
    return (
        f"WITH h AS (SELECT hash({listed}) AS h FROM {people} WHERE {everywhere} GROUP BY h HAVING count(*) > 1), "
        f"k AS MATERIALIZED (SELECT a.seq, {', '.join(map('{} AS {}'.format, keys, names))}{kind} FROM {people} "
        f"WHERE {everywhere} AND hash({listed}) IN (SELECT h FROM h)) "
        f"SELECT seq FROM k WHERE {some} WINDOW same AS (PARTITION BY {', '.join(names)}) "
        f"QUALIFY count(*) OVER same > 1{several}"
    )


def _loose(cell: str) -> str:
    """What tells people at one place apart: neither case nor blanks do, nor whether an ß is written as two letters."""
    small = f"replace(lower({cell}), 'ß', 'ss')"
    trimmed = f"'\"' || trim(regexp_replace({small}, ' +', ' ', 'g'), '\" ') || '\"'"
    whole = f"CASE WHEN contains({cell}, ' ') THEN {trimmed} ELSE {small} END"
    return f"COALESCE(NULLIF({whole}, {quote(NOTHING)}), '')"


def _key(cell: str, fold: Fold) -> str:
    """What is the same for texts that fold alike; nearly all need no more than small letters."""
    match fold:
        case Fold.CASE:
            odd = f"{cell} LIKE '\" %' OR {cell} LIKE '% \"'"
        case Fold.MAILBOX:
            odd = f"contains({cell}, '+') OR contains({cell}, ' ') OR regexp_matches({cell}, {quote(_GMAIL)}, 'i')"
        case _:
            assert_never(fold)
    return f"CASE WHEN {odd} THEN '\"' || {folded(cell, fold)} || '\"' ELSE lower({cell}) END"


@lru_cache(maxsize=64)
def addressed(cell: str, names: tuple[str, ...], domains: tuple[str, ...]) -> str:
    """The condition that an address begins with one of the names or is at one of the domains; empty for neither."""
    # Both begin where the address does, so that an engine without a memory gives up after a few letters.
    begin = r'^"[" ]*'
    tests = []
    if chosen := "|".join(dict.fromkeys(map(_name, names))):
        tests.append(rf"{begin}(?:{chosen})[0-9._-]*(?:\+[^@]*)?@")
    if chosen := "|".join(dict.fromkeys(map(_name, domains))):
        tests.append(rf'{begin}[^@]*@(?:[^@]*\.)?(?:{chosen})[" ]*(?:@|$)')
    each = [f"regexp_matches({cell}, {quote(test)}, 'i')" for test in tests]
    return f"COALESCE({' OR '.join(each)}, FALSE)" if each else ""


_SIGNS = {
    r"\ ": "[._-]?",
    "_": "[._-]",
    r"\*\*": "[^@]*",
    r"\*": "[^@+._0-9-]+",
    r"\(": "(?:",
    r"\|": "|",
    r"\)": ")",
    r"\?": "?",
}
"""What has a meaning in a name or a domain, as `re.escape` leaves it; the port says what it means."""
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))


def _name(name: str) -> str:
    """The expression for a name or a domain."""
    return _SIGN.sub(lambda sign: _SIGNS[sign[0]], re.escape(name))
