"""Which recipients would read a faulty value: the values are judged once each, then asked for as a set."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from presend.dialects.base import Outcome, OutcomeKind
from presend.mail import Mail
from presend.model import NAMES, Location, Part, Role
from presend.reading import NOBODY, PartReading, Region, Who, anybody
from presend_checks._printed import Printed, printed, prints_as_is
from presend_checks.values._classes import Fault, fault_of, is_slipped, visible

_CASE = frozenset({Fault.CAPITALS, Fault.LOWER})


@dataclass(frozen=True, slots=True)
class Found:
    """A column with faulty values that somebody would read in a part."""

    column: str
    role: Role
    at: Location
    """The first place in the part that prints one of them."""
    who: Who
    """Those who hold one and reach any place of the part that prints it."""
    faults: tuple[Fault, ...]
    """The classes of value, in the order of `Fault`."""

    @property
    def kinds(self) -> str:
        """The classes as a phrase: "an e-mail address or a phone number"."""
        words = [fault.value for fault in self.faults]
        return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


@dataclass(frozen=True, slots=True)
class _Bad:
    cell: str
    value: Any
    text: str
    fault: Fault


def judged(mail: Mail, *faults: Fault) -> Iterator[Found]:
    """Columns of which some recipients would read a value with one of the faults; one for each column and part."""
    wanted = frozenset(faults)
    by_column: dict[str, tuple[_Bad, ...]] = {}
    for one in printed(mail):
        if one.role is Role.EMAIL:
            continue  # the address that the mail went to
        if one.column not in by_column:
            by_column[one.column] = tuple(_bad_values(mail, one, wanted))
        bad = by_column[one.column]
        if bad and (found := _found(mail, one, bad)) is not None:
            yield found


def _bad_values(mail: Mail, one: Printed, wanted: frozenset[Fault]) -> Iterator[_Bad]:
    for value, cell, _count in mail.values(one.column):
        if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
            text = str(value)
            fault = fault_of(text, one.role)
            if fault in wanted and fault is not None:
                yield _Bad(cell, value, text, fault)


def _found(mail: Mail, one: Printed, bad: tuple[_Bad, ...]) -> Found | None:
    everyone: dict[Who, None] = {}
    at: Location | None = None
    sets: dict[tuple[str, ...], Who] = {}
    shown: set[Fault] = set()
    for part, region in one.places:
        here = [each for each in bad if _readable(part, region, one, each)]
        who = _holders(mail, region, one.column, here, sets)
        if who == NOBODY or not mail.audience.count(who):
            continue
        at = at or mail.at(part, region)
        everyone[who] = None
        shown |= {each.fault for each in here}
    if at is None:
        return None
    return Found(one.column, one.role, at, anybody(everyone), tuple(fault for fault in Fault if fault in shown))


def _holders(mail: Mail, region: Region, column: str, here: list[_Bad], sets: dict[tuple[str, ...], Who]) -> Who:
    """Those who reach the region with one of these values."""
    if not here:
        return NOBODY
    key = tuple(each.cell for each in here)
    if key not in sets:
        sets[key] = mail.with_values(column, list(key))
    if len(region.expression.columns) == 1:
        return region.reached() & sets[key]
    texts = {each.text for each in here}

    def prints_it(row: Mapping[str, Any], outcome: Outcome) -> bool:
        text = str(row.get(column))
        if text not in texts:
            return False
        return text in html.unescape(outcome.text) if visible(text) else outcome.kind is OutcomeKind.BLANK

    return region.who(prints_it) & sets[key]


def _readable(part: PartReading, region: Region, one: Printed, bad: _Bad) -> bool:
    """Whether the fault can still be seen when the region prints the value: the template may mend it, or make it."""
    expression = region.expression
    if len(expression.columns) > 1:
        return True  # what it prints hangs on the other columns too, and is looked at row by row
    outcome = expression.evaluate({one.column: bad.value})
    if outcome.kind is OutcomeKind.UNKNOWN:
        return _wrong_either_way(region, one, bad)
    if outcome.kind not in (OutcomeKind.PRINTED, OutcomeKind.BLANK):
        return False
    text = html.unescape(outcome.text) if part.part is Part.HTML else outcome.text
    if bad.fault is Fault.BLANK:
        return not visible(text)
    if bad.fault in _CASE and not _keeps_case(region, one.column):
        return False
    rich = bad.fault is Fault.MARKUP and one.role not in NAMES and part.part is Part.HTML and bad.text in outcome.text
    if rich and not is_slipped(bad.text):
        return False  # rich text that is printed as such
    return bad.text in text or fault_of(text, one.role) is bad.fault


def _wrong_either_way(region: Region, one: Printed, bad: _Bad) -> bool:
    """Whether it is wrong however the platform prints it: a tag is run or shown, `<b>` sets in bold or is shown.

    Rich text is meant for a platform that does not escape it; a name with an entity in it is damaged where it is kept,
    and so is any value with a line's end or a hard blank at its edge.
    """
    if bad.fault is Fault.TEMPLATE:
        return True
    if bad.fault is Fault.MARKUP:
        damaged = one.role in NAMES or is_slipped(bad.text)
        return damaged and ("<" in bad.text or prints_as_is(region, one.column))
    return prints_as_is(region, one.column)


def _keeps_case(region: Region, column: str) -> bool:
    """Whether the template prints a mixed name as it is, so that shouting comes from the data and not from design."""
    return "Mixed" in region.expression.evaluate({column: "Mixed"}).text
