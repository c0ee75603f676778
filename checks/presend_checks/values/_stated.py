"""Who reads a name although a fact about them says another one; asked by distinct pairs of the two."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from presend.dialects.base import Outcome, OutcomeKind
from presend.dialects.base import printed as shows
from presend.mail import Mail
from presend.model import Location, Role
from presend.reading import NOBODY, Region, Who, anybody
from presend_checks._numbers import lacking
from presend_checks._printed import Printed, printed
from presend_checks.values._classes import fault_of

Differs = Callable[[str, str], bool]
"""Whether a printed value is wrong for somebody of whom the fact is known."""


@dataclass(frozen=True, slots=True)
class Against:
    """A column that is printed to people of whom something else is known."""

    column: str
    at: Location
    who: Who


def printed_against(mail: Mail, fact: str, roles: frozenset[Role], differs: Differs) -> Iterator[Against]:
    """Columns of the roles that some read although the fact says otherwise; one for each column and part."""
    if not mail.has_fact(fact):
        return
    pairs: dict[str, list[tuple[str, str]]] = {}
    for one in printed(mail):
        if one.role not in roles:
            continue
        if one.column not in pairs:
            pairs[one.column] = list(_pairs(mail, one, mail.fact(fact), differs))
        if pairs[one.column] and (found := _found(mail, one, mail.fact(fact), pairs[one.column])) is not None:
            yield found


def plain(name: str) -> str:
    """A name without case and accents, the Turkish i without dot among them."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return bare.replace("\u0131", "i")


def _pairs(mail: Mail, one: Printed, fact: str, differs: Differs) -> Iterator[tuple[str, str]]:
    """The cells of the column and of the fact that do not fit each other, both of them names."""
    without, _count = lacking(mail, fact)
    for held in mail.audience.distinct((one.column, fact), ~without):
        written, stated = held.cells
        if written is None or stated is None:
            continue
        row = mail.row((one.column, fact), held.cells)
        value, known = row[one.column], row[fact]
        if _is_name(value, one.role) and _is_name(known, one.role) and differs(value, known):
            yield written, stated


def _is_name(value: Any, role: Role) -> bool:
    """Whether it can be somebody's name: letters, and nothing that the checks of values call a fault."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or any(c.isdigit() for c in text) or fault_of(text.title(), role) is not None:
        return False
    return any(c.isalpha() for c in text)


def _found(mail: Mail, one: Printed, fact: str, pairs: list[tuple[str, str]]) -> Against | None:
    everyone: dict[Who, None] = {}
    at: Location | None = None
    wrong = mail.audience.where((one.column, fact), pairs)
    values = {str(mail.row((one.column,), (written,))[one.column]) for written, _stated in pairs}
    for part, region in one.places:
        who = _readers(region, one.column, values) & wrong
        if who != NOBODY and mail.audience.count(who):
            at = at or mail.at(part, region)
            everyone[who] = None
    return None if at is None else Against(one.column, at, anybody(everyone))


def _readers(region: Region, column: str, values: set[str]) -> Who:
    """Those who reach the region and read the column's value there, and not another's that stands in for it."""
    expression = region.expression
    # How a platform escapes an apostrophe may not be documented; that it prints the name is certain all the same.
    alone = expression.columns == (column,) and expression.evaluate({column: "Mixed"}) == shows("Mixed")

    def prints_it(row: Mapping[str, Any], outcome: Outcome) -> bool:
        value = str(row.get(column))
        if value not in values:
            return False
        if outcome.kind is OutcomeKind.UNKNOWN:
            return alone
        return (
            outcome.kind is OutcomeKind.PRINTED and value.strip().casefold() in html.unescape(outcome.text).casefold()
        )

    return region.who(prints_it)
