"""SEN004: it would reach people in a place that is dark: a flood, a week of mourning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from presend.check import CannotTell, Need, check
from presend.mail import Mail
from presend.model import Address, Blackout, Confidence, Hit, Location, Part, Severity, Within
from presend_checks.sensitivity._days import Span, days_in, zones_at
from presend_checks.sensitivity._offers import offer_in

_FACTS = ("country", "region", "postcode", "timezone")
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
        yield from (_hit(mail, one, offer) for one in met if one.cells)
        reasons += [_UNKNOWN] if unknown else []
    if reasons:
        raise CannotTell("; ".join(reasons), unknown or None)


@dataclass(slots=True)
class _Met:
    """A blackout, the combinations of facts of those in it, and the days on which it reaches them."""

    blackout: Blackout
    columns: tuple[str, ...]
    cells: list[tuple[str | None, ...]] = field(default_factory=list)
    days: list[Span] = field(default_factory=list)


def _judged(mail: Mail, near: Sequence[Blackout]) -> tuple[list[_Met], int]:
    """Each blackout with those it meets, and how many are in none for certain but may be in one."""
    # There are many postcodes: they are asked for only where a blackout goes by them.
    facts = [name for name in _FACTS if name != "postcode" or any(one.postcodes for one in near)]
    columns = tuple(mail.fact(name) for name in facts)
    met = [_Met(one, columns) for one in near]
    unknown = 0
    for one in mail.audience.distinct(columns) if near else ():
        row = {name: _text(value) for name, value in mail.row(tuple(facts), one.cells).items()}
        address = Address(row.get("country", ""), row.get("region", ""), row.get("postcode", ""))
        days = days_in(mail, zones_at(mail, mail.blackouts, address, row.get("timezone", "")))
        verdicts = [_meets(mail, each.blackout, address, days) for each in met]
        for each, verdict in zip(met, verdicts, strict=True):
            if verdict is Within.YES and days is not None:
                each.cells.append(one.cells)
                each.days.append(days)
        if Within.UNKNOWN in verdicts and Within.YES not in verdicts:
            unknown += one.count
    return met, unknown


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _meets(mail: Mail, dark: Blackout, address: Address, days: Span | None) -> Within:
    """Whether the mail reaches somebody at an address inside the window."""
    if days is not None and (days[1] < dark.first or days[0] > dark.last):
        return Within.NO
    place = mail.blackouts.places.within(dark, address)
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
        who=mail.audience.where(met.columns, met.cells),
        severity=Severity.HIGH if offer else Severity.MEDIUM,
        confidence=Confidence.HIGH if dark.exact else Confidence.MEDIUM,
        reason=f"is in a place that is dark when it arrives: {dark.label}",
    )
