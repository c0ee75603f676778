"""VAL008: dates, phone numbers, countries or states that are written in several ways in one field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from presend.check import Need, check
from presend.mail import Mail
from presend.model import NAMES, Hit, Location, Part, Role, Severity, role_of
from presend.reading import NOBODY, Who
from presend_checks._numbers import listed, share
from presend_checks._printed import Printed, printed, prints_as_is
from presend_checks.values._formats import (
    BARE,
    NONE,
    PHONE_NAME,
    Formats,
    country_formats,
    date_formats,
    phone_formats,
    state_formats,
)

MOST = 20_000
"""Distinct values of a column that are looked at, the most frequent first."""
ENOUGH = 50
"""So many values of no such kind say that the column is of another."""
_COUNTRY = re.compile(
    r"(?:.* )?(?:country|land|nation)(?: (?:name|code|region)| of .+)?|pays|pa[ií]s|paese|ülke|kraj", re.IGNORECASE
)
_STATE = re.compile(r"(?:.* )?(?:state|province|region)(?: (?:name|code))?", re.IGNORECASE)
_NOT_ONE = frozenset({Role.EMAIL, Role.COMPANY, Role.JOB}) | NAMES


@check(
    "VAL008",
    "mixed-formats",
    mishaps=["M06"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.AUDIENCE, Need.SEGMENT],
    options={"least_share": 0.05, "least_people": 3},
)
def mixed_formats(mail: Mail) -> Iterator[Hit]:
    """Dates, phone numbers, countries or states are written in several ways in one field that is printed or compared.

    Why it matters
    "Your visit on 2026-11-24" beside "on 24/11/26" looks like a merge, and 03/04/2026 is two days to two readers. A
    condition or a segment for "US" leaves out everybody whose record says "United States".

    How to fix
    Write the field in one way: correct the values, and let the form that fills it offer a choice or a calendar.

    Known limits
    A way counts from `least_share` (0.05) of the values and `least_people` (3) on. Day and month are never guessed: a
    date that can be read both ways counts for neither. A number of days or seconds is a way of writing dates only
    beside dates that can be nothing else. Phone numbers are told by their shape, countries from babel's
    names in English and in their own languages, states for the US and Canada only. The 20,000 most frequent values of
    a field are looked at. Fields that only steer a condition or the segment are of severity low. One finding per
    column and part.
    """
    judged: dict[str, _Mixed | None] = {}
    told: set[str] = set()
    for one in printed(mail):
        found = _mixed(mail, one.column, one.role, judged)
        at, who = _readers(mail, one)
        if found is not None and at is not None and mail.audience.count(who & found.minority):
            told.add(one.column)
            yield _hit(at, one.column, found, who & found.minority, Severity.MEDIUM)
    for column, at in _compared(mail):
        role = role_of(column, mail.labels.get(column, ""))
        found = None if column in told else _mixed(mail, column, role, judged)
        if found is not None:
            told.add(column)
            yield _hit(at, column, found, found.minority, Severity.LOW)


@dataclass(frozen=True, slots=True)
class _Mixed:
    """The ways in which a column is written."""

    what: str
    ways: str
    """Each with its share."""
    minority: Who
    """Those whose value is not written in the most frequent way."""


def _hit(at: Location, column: str, found: _Mixed, who: Who, severity: Severity) -> Hit:
    return Hit(
        at,
        f"{column} holds {found.what} written in several ways: {found.ways}.",
        f"Write {column} in one way, and let whatever fills it offer no other.",
        who=who,
        severity=severity,
        column=column,
        reason=f"{column} is written in several ways",
    )


def _readers(mail: Mail, one: Printed) -> tuple[Location | None, Who]:
    """The first place that prints the column as it is, and those who reach any."""
    at, who = None, NOBODY
    for part, region in one.places:
        if prints_as_is(region, one.column):
            at = at or mail.at(part, region)
            who = who | region.reached()
    return at, who


def _compared(mail: Mail) -> Iterator[tuple[str, Location]]:
    """Columns that a condition or the segment compares with something."""
    for part in mail.parts:
        for test in part.tests if not part.program.fatal else ():
            for one in test.expression.compares:
                if one.op != "truthy":
                    yield one.column, mail.at(part, test)
    for condition in mail.segment.conditions:
        if condition.value is not None:
            yield condition.column, Location(Part.SEGMENT, expression=condition.column)


def _mixed(mail: Mail, column: str, role: Role, judged: dict[str, _Mixed | None]) -> _Mixed | None:
    if column not in judged:
        judged[column] = None
        for what, judge, least in _kinds(mail, column, role):
            found = _ways(mail, column, what, judge, least)
            if found is not None:
                judged[column] = found
                break
    return judged[column]


def _kinds(mail: Mail, column: str, role: Role) -> Iterator[tuple[str, Callable[[str], Formats], float]]:
    """What the column may hold, and which share of its values has to be of that kind."""
    if role in _NOT_ONE or column.startswith("@"):
        return
    names = [" ".join(re.split(r"[\W_]+", one)).strip() for one in (column, mail.labels.get(column, ""))]
    phone = role is Role.PHONE or "phone" in mail.field_types.get(column, "")
    if phone or any(PHONE_NAME.fullmatch(name) for name in names if name):
        yield "phone numbers", phone_formats, 0.8
    elif any(_COUNTRY.fullmatch(name) for name in names if name):
        yield "countries", country_formats, 0.8
    elif any(_STATE.fullmatch(name) for name in names if name):
        yield "states", state_formats, 0.3
    else:
        yield "dates", date_formats, 0.9


def _ways(mail: Mail, column: str, what: str, judge: Callable[[str], Formats], least: float) -> _Mixed | None:
    cells: dict[Formats, list[str]] = {}
    counts: Counter[Formats] = Counter()
    total = tried = 0
    for value, cell, count in islice(mail.values(column), MOST):
        text = " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not text:
            continue
        found = judge(text)
        total, tried = total + count, tried + 1
        counts[found] += count
        cells.setdefault(found, []).append(cell)
        if tried == ENOUGH and total == counts[NONE]:
            return None  # a field of words
    known = total - counts.pop(NONE, 0)
    if not known or known < least * total:
        return None
    return _verdict(mail, column, what, cells, _settled(counts), total)


def _settled(counts: Counter[Formats]) -> dict[str, tuple[int, list[Formats]]]:
    """How many are written in each way, and the sets that count for it; who may be either counts for none of two."""
    sure = {way for ways in counts if len(ways) == 1 for way in ways}
    found: dict[str, tuple[int, list[Formats]]] = {}
    for ways, count in counts.items():
        left = ways & sure or frozenset({min(ways)})
        if len(left) == 1:
            way = next(iter(left))
            people, sets = found.get(way, (0, []))
            found[way] = people + count, [*sets, ways]
    return found


def _verdict(
    mail: Mail,
    column: str,
    what: str,
    cells: dict[Formats, list[str]],
    ways: dict[str, tuple[int, list[Formats]]],
    total: int,
) -> _Mixed | None:
    least = max(mail.options["least_people"], mail.options["least_share"] * total)
    frequent = sorted((way for way in ways.items() if way[1][0] >= least), key=lambda way: (-way[1][0], way[0]))
    if len(frequent) < 2 or all(way in BARE for way, _count in frequent):
        return None
    usual = set(frequent[0][1][1])
    others = [cell for sets, found in cells.items() if sets and sets not in usual for cell in found]
    told = [f"{way} for {share(count, total)}" for way, (count, _sets) in frequent]
    return _Mixed(what, listed(told), mail.with_values(column, others))
