"""SEN004: it would reach people in a place that is dark: a flood, a week of mourning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from presend.check import CannotTell, Need, check
from presend.mail import Mail
from presend.model import Address, Blackout, Confidence, Hit, Location, Part, Severity, Within, compact
from presend.reading import EVERYONE, NOBODY, Distinct, Who, anybody
from presend_checks._arrival import Days, days_in
from presend_checks._numbers import lacking
from presend_checks.sensitivity._days import zones_at
from presend_checks.sensitivity._offers import offer_in

_FACTS = ("country", "region", "timezone")
_UNKNOWN = "nobody knows whether they are in a place that is dark when it arrives: their place or its day is not known"


@check(
    "SEN004",
    "blackout",
    mishaps=["M20"],
    severity=Severity.MEDIUM,
    needs=[Need.BLACKOUTS, Need.SCHEDULE, Need.FACTS, Need.PARTS],
)
def blackout(mail: Mail) -> Iterator[Hit]:
    """The mail reaches people in a place and on a day that you, or a feed you asked for, named as dark.

    Why it matters
    Free shipping into a flood, a discount in a week of mourning: whoever gets it reads that nobody thought of them.

    How to fix
    Leave these people out, or send to them once it is over. Where the mail is there to help them, acknowledge it.

    Known limits
    Nothing is dark that nobody named: see docs/blackouts.md. Days are whole ones of the recipient's zone, else of the
    place's, else of the account's. Who has no country, or a region that is called by no known name, is unknown and
    counted so. A mail with words of an offer is high, any other medium. Feeds name a whole state or country, so what
    they say is of medium confidence. A send that the platform spreads over hours counts as lasting for a day.
    """
    dark = mail.blackouts
    reasons = [gap.reason for gap in dark.gaps]
    unknown: int | None = None
    ever = days_in(mail, ()) if dark.dark else None
    if dark.dark and ever is None:
        reasons.append("nobody says when it arrives, so not whether it meets a blackout")
    elif ever is not None:
        met, unknown = _judged(mail, [one for one in dark.dark if one.first <= ever[1] and one.last >= ever[0]])
        offer = offer_in(mail)
        yield from (_hit(mail, one, offer) for one in met if one.who)
        reasons += [_UNKNOWN] if unknown else []
    if reasons:
        raise CannotTell("; ".join(reasons), unknown or None)


@dataclass(slots=True)
class _Met:
    """A blackout, those in it, and the days on which it reaches them."""

    blackout: Blackout
    who: list[Who] = field(default_factory=list)
    days: set[Days] = field(default_factory=set)
    people: int = 0
    """How many they are: nobody is in two of the sets."""


def _judged(mail: Mail, near: Sequence[Blackout]) -> tuple[list[_Met], int]:
    """Each blackout with those it meets, and how many are in none for certain but may be in one."""
    columns = tuple(mail.fact(name) for name in _FACTS)
    met = [_Met(one) for one in near]
    unknown = 0

    @cache
    def days_of(address: Address, zone: str) -> Days | None:
        return days_in(mail, zones_at(mail, mail.blackouts, address, zone))

    @cache
    def place_of(number: int, address: Address) -> Within:
        return mail.blackouts.places.within(near[number], address)

    for within, postcode, combinations in _by_postcode(mail, near, columns) if near else ():
        cells: dict[int, list[Distinct]] = {}
        for one in combinations:
            row = {name: _text(value) for name, value in mail.row(_FACTS, one.cells).items()}
            address = Address(row.get("country", ""), row.get("region", ""), postcode)
            days = days_of(address, row.get("timezone", ""))
            verdicts = [_meets(dark, days, partial(place_of, number, address)) for number, dark in enumerate(near)]
            for number, verdict in enumerate(verdicts):
                if verdict is Within.YES and days is not None:
                    cells.setdefault(number, []).append(one)
                    met[number].days.add(days)
            if Within.UNKNOWN in verdicts and Within.YES not in verdicts:
                unknown += one.count
        for number, found in cells.items():
            met[number].who.append(within & mail.audience.where(columns, [one.cells for one in found]))
            met[number].people += sum(one.count for one in found)
    return met, unknown


def _by_postcode(
    mail: Mail, near: Sequence[Blackout], columns: tuple[str, ...]
) -> Iterator[tuple[Who, str, list[Distinct]]]:
    """The recipients by what their postcode says to the blackouts, one postcode of each such set, and their cells.

    There are nearly as many postcodes as people, and few that matter: each is looked at once, and by itself.
    """
    everyone = mail.audience.distinct(columns)
    starts = sorted({start for one in near for start in one.postcodes})
    if not starts or not mail.has_fact("postcode"):
        yield EVERYONE, "", everyone
        return
    column, first = mail.fact("postcode"), tuple(starts)
    sets: dict[tuple[str, ...] | None, tuple[str, list[str]]] = {}
    for value, cell, _count in mail.values(column):
        code = compact(_text(value))
        fitting = tuple(start for start in starts if code.startswith(start)) if code.startswith(first) else ()
        if not code or fitting:
            sets.setdefault(fitting if code else None, (code, []))[1].append(cell)
        else:
            sets.setdefault((), (code, []))
    without = lacking(mail, column)[0]
    others = sets.pop((), None)
    blank = without | mail.with_values(column, sets.pop(None, ("", []))[1])
    matched = {code: mail.with_values(column, cells) for code, cells in sets.values()}
    left = Counter({one.cells: one.count for one in everyone})
    for code, who in (*matched.items(), ("", blank)):
        found = mail.audience.distinct(columns, who) if who != NOBODY else []
        left.subtract({one.cells: one.count for one in found})
        yield who, code, found
    if others is not None:
        rest = [Distinct(cells, count) for cells, count in left.items() if count]
        yield ~anybody((blank, *matched.values())), others[0], rest


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _meets(dark: Blackout, days: Days | None, place_of: Callable[[], Within]) -> Within:
    """Whether the mail reaches somebody at a place inside the window."""
    if days is not None and (days[1] < dark.first or days[0] > dark.last):
        return Within.NO
    place = place_of()
    if place is not Within.YES:
        return place
    whole = days is not None and dark.first <= days[0] and days[1] <= dark.last
    return Within.YES if whole else Within.UNKNOWN


def _hit(mail: Mail, met: _Met, offer: str) -> Hit:
    dark = met.blackout
    phase = ""
    if dark.over is not None and all(first > dark.over for first, _last in met.days):
        phase = " (in its aftermath)"
    elif dark.first > mail.now.date():
        phase = " (forecast)"
    sells = f", and the copy says {offer!r}" if offer else ""
    return Hit(
        Location(Part.AUDIENCE, expression=dark.label),
        f"It arrives in a place that is dark{phase}: {dark.label} ({dark.origin}){sells}.",
        f"Leave these people out, or send to them after {dark.last}.",
        who=replace(anybody(met.who), size=met.people),
        severity=Severity.HIGH if offer else Severity.MEDIUM,
        confidence=Confidence.HIGH if dark.exact else Confidence.MEDIUM,
        reason=f"is in a place that is dark when it arrives: {dark.label}",
    )
