"""Questions to DuckDB about whole texts that nearly everybody has for themselves: who shares one, whose is on a list.

Each would read every recipient's text, which is most of its cost: `Alike` has a text looked at as seldom as can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import assert_never

import duckdb

from presend.audience.engine import EVERYONE, NOBODY, Fold, Listed, Who
from presend.audience.rooms import quote
from presend.audience.shapes import folded

_TEXT = {Fold.CASE: '"%', Fold.MAILBOX: '"%@%'}
NOTHING = '""'
"""The key of a text without letters."""
ALONE = 100_000
"""Of up to so many people each list of addresses is looked for by itself: to prepare one for all costs more."""
_SIGNS_OF_A_BOX = ("+", " ", "@gmail.com", "@googlemail.com")
"""What stands in an address that its box may have under another name."""


def printed(cell: str, *folds: Fold) -> str:
    """The question for everybody's fingerprints of a text by some folds, in columns of the folds' names.

    Each has 32 bits, and is NULL for what is no text of the fold. Texts that fold alike have the same; so may others,
    so that it only says whose texts are worth comparing.
    """
    # Of the engine's hash the upper half, into which its multiplications carry whatever differs between two texts.
    held = [
        f"CASE WHEN small LIKE {quote(_TEXT[fold])} THEN (hash({_key('small', fold)}) >> 32)::UINTEGER END "
        f"AS {quote(fold.value)}"
        for fold in folds
    ]
    return f"SELECT {', '.join(held)} FROM (SELECT lower({cell}) AS small FROM a)"


def shared(
    cells: Sequence[str],
    fold: Fold,
    prints: Sequence[str],
    numbers: str,
    *,
    apart: Sequence[str] = (),
    within: str = "",
) -> str:
    """The question for the numbers (`seq`) of those all of whose folded texts somebody else has too.

    `prints` are tables of the cells' fingerprints, row by row those of the recipients in `numbers` (`seq`). With
    cells to tell them `apart`, only those count who do not all have the same in these. Given are those alone for whom
    the condition `within` holds.
    """
    keys = [_key(f"lower({cell})", fold) for cell in cells]
    names, held = [f"k{number}" for number in range(len(cells))], [f"{table}.{fold.value}" for table in prints]
    rows = " POSITIONAL JOIN ".join((numbers, *prints))
    everywhere = " AND ".join(f"{one} IS NOT NULL" for one in held)
    listed = f"hash({', '.join(held)})" if len(held) > 1 else held[0]
    some = " AND ".join(f"{name} <> {quote(NOTHING)}" for name in names)
    kind = f", hash({', '.join(map(_loose, apart))}) AS kind" if apart else ""
    several = " AND min(kind) < max(kind)" if apart else ""
    inside, given = (f", {within} AS inside", " WHERE inside") if within else ("", "")
    # Fingerprints are counted before texts are compared: of texts as many as there are people, none is held.
    return (
        f"WITH h AS (SELECT {listed} AS h FROM {rows} WHERE {everywhere} GROUP BY h HAVING count(*) > 1), "
        f"near AS (SELECT {numbers}.seq FROM {rows} WHERE {everywhere} AND {listed} IN (SELECT h FROM h)), "
        f"k AS MATERIALIZED (SELECT a.seq, {', '.join(map('{} AS {}'.format, keys, names))}{kind}{inside} FROM a "
        f"SEMI JOIN near ON near.seq = a.seq), same AS (SELECT {', '.join(names)} FROM k WHERE {some} "
        f"GROUP BY ALL HAVING count(*) > 1{several}) "
        f"SELECT seq FROM k SEMI JOIN same USING ({', '.join(names)}){given}"
    )


def _loose(cell: str) -> str:
    """What tells people at one place apart: neither case nor blanks do, nor whether an ß is written as two letters."""
    small = f"replace(lower({cell}), 'ß', 'ss')"
    trimmed = f"'\"' || trim(regexp_replace({small}, ' +', ' ', 'g'), '\" ') || '\"'"
    whole = f"CASE WHEN contains({cell}, ' ') THEN {trimmed} ELSE {small} END"
    return f"COALESCE(NULLIF({whole}, {quote(NOTHING)}), '')"


def _key(small: str, fold: Fold) -> str:
    """What is the same for texts in small letters that fold alike; of nearly all it is the text itself."""
    match fold:
        case Fold.CASE:
            odd = f"{small} LIKE '\" %' OR {small} LIKE '% \"'"
        case Fold.MAILBOX:
            odd = " OR ".join(f"contains({small}, {quote(sign)})" for sign in _SIGNS_OF_A_BOX)
        case _:
            assert_never(fold)
    return f"CASE WHEN {odd} THEN '\"' || {folded(small, fold)} || '\"' ELSE {small} END"


@lru_cache(maxsize=64)
def addressed(cell: str, names: tuple[str, ...], domains: tuple[str, ...]) -> str:
    """The condition that an address begins with one of the names or is at one of the domains; empty for neither."""
    # Both begin where the address does, so that an engine without a memory gives up after a few letters; and both are
    # one expression, since to be handed a text costs the engine more than to look at it.
    tests = []
    if chosen := "|".join(dict.fromkeys(map(_name, names))):
        tests.append(rf"(?:{chosen})[0-9._-]*(?:\+[^@]*)?@")
    if chosen := "|".join(dict.fromkeys(map(_name, domains))):
        tests.append(rf'[^@]*@(?:[^@]*\.)?(?:{chosen})[" ]*(?:@|$)')
    whole = rf'^"[" ]*(?:{"|".join(tests)})'
    return f"COALESCE(regexp_matches({cell}, {quote(whole)}, 'i'), FALSE)" if tests else ""


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


class Alike:
    """What one audience was asked of whole texts, kept for whoever asks again."""

    def __init__(
        self, db: duckdb.DuckDBPyConnection, size: int, cell: Callable[[str], str], marked: Callable[[str], Who]
    ) -> None:
        """`cell` gives a column in SQL, `marked` the set of those whose numbers a question gives."""
        self._db = db
        self._size = size
        self._cell = cell
        self._marked = marked
        self.numbers = ""
        """A table of everybody's numbers, once there is one."""
        self._prints: dict[tuple[str, Fold], str] = {}
        self._shared: dict[str, Who] = {}
        self._listed: dict[tuple[str, Listed], Who] = {}
        self._tables: dict[tuple[str, frozenset[Listed]], str] = {}

    def sharing(self, columns: Sequence[str], fold: Fold, apart: Sequence[str], within: Who) -> Who:
        """As `Audience.sharing`, for columns in which there is something."""
        prints = [self._printed(column, fold) for column in sorted(columns)]
        inside = "" if within == EVERYONE or within.marks else within.condition
        question = shared(
            list(map(self._cell, sorted(columns))),
            fold,
            prints,
            self.numbers,
            apart=list(map(self._cell, apart)),
            within=inside,
        )
        if question not in self._shared:
            self._shared[question] = self._marked(question)
        return self._shared[question] & (within if within.marks else EVERYONE)

    def _printed(self, column: str, fold: Fold) -> str:
        """A table of a column's fingerprints, row by row those of the people in `numbers`."""
        if not self.numbers:
            self.numbers = "numbers"
            self._db.execute(f"CREATE TABLE {self.numbers} AS SELECT seq FROM a")
        if (column, fold) not in self._prints:
            table = f"p{len(self._prints)}"
            # Whoever asks for mailboxes asks for addresses as well.
            folds = tuple(dict.fromkeys((Fold.CASE, fold)))
            self._db.execute(f"CREATE TABLE {table} AS {printed(self._cell(column), *folds)}")
            self._prints |= dict.fromkeys(((column, one) for one in folds), table)
        return self._prints[column, fold]

    def addressed(self, column: str, listed: Listed, soon: Sequence[Listed]) -> Who:
        """As `Audience.addressed`."""
        if (column, listed) not in self._listed:
            cell, people = self._near(column, (listed, *soon))
            test = addressed(cell, listed.names, listed.domains)
            self._listed[column, listed] = self._marked(f"SELECT seq FROM {people} WHERE {test}") if test else NOBODY
        return self._listed[column, listed]

    def _near(self, column: str, lists: Sequence[Listed]) -> tuple[str, str]:
        """The address in SQL, and the table of those who may be on one of the lists."""
        if self._size <= ALONE:
            return self._cell(column), "a"
        key = (column, frozenset(lists))
        if key not in self._tables:
            names = tuple(name for one in lists for name in one.names)
            domains = tuple(domain for one in lists for domain in one.domains)
            # Hardly anybody is on a list, and each look at everybody's address costs as much as at all of the lists.
            near = f"near{len(self._tables)}"
            held = f"SELECT a.seq, {self._cell(column)} AS address FROM a"
            condition = addressed(self._cell(column), names, domains) or "FALSE"
            self._db.execute(f"CREATE TABLE {near} AS {held} WHERE {condition}")
            self._tables[key] = near
        return "address", self._tables[key]
