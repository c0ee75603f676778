"""Facts about people that are used though they are old: how old, and whose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from presend.mail import Mail
from presend.model import SAID_ALOUD, Location, Part, Role, role_of
from presend.reading import EVERYONE, NOBODY, Who
from presend_checks._numbers import day, lacking, share
from presend_checks._printed import is_read, printed


@dataclass(frozen=True, slots=True)
class Aged:
    """A column whose values are past their half-life for some who are concerned."""

    column: str
    role: Role
    at: Location
    who: Who
    """Those concerned whose value is too old."""
    says: str
    """How many, how old, the year of the oldest."""


def said_aloud(mail: Mail) -> frozenset[str]:
    """Columns about possessions, pets, children and partners that can be read in the message."""
    return frozenset(one.column for one in printed(mail) if one.role in SAID_ALOUD)


def in_copy(mail: Mail) -> Iterator[tuple[str, Location, Who]]:
    """Columns that can be read in a part: the first place, and who reaches any."""
    for one in printed(mail):
        who = NOBODY
        for _part, region in one.places:
            who = who | region.reached()
        yield one.column, mail.at(*one.places[0]), who


def in_conditions(mail: Mail) -> Iterator[tuple[str, Location, Who]]:
    """Columns that decide what somebody gets to read, or who is mailed."""
    for part in mail.parts:
        for test in part.tests:
            if not part.program.fatal and is_read(mail, part, test):
                for column in test.expression.columns:
                    yield column, mail.at(part, test), test.reached()
    for condition in mail.segment.conditions:
        yield condition.column, Location(Part.SEGMENT, expression=condition.column), EVERYONE


def confirmed(mail: Mail) -> str | None:
    """The column of when people last confirmed or gave what is known of them; None where nobody has one."""
    return mail.fact("confirmed_at") if mail.has_fact("confirmed_at") else None


def known_until(mail: Mail, dates: str, until: str) -> Who:
    """Whose value was last known true before a day: by its own date, unless they confirmed their data since."""
    before, again = mail.audience.day_between(dates, None, until), confirmed(mail)
    if again is None or again == dates:
        return before
    since = mail.audience.day_between(again, until, None)
    if mail.has_fact("created_at"):
        # Confirming that one wants mail, on the day of signing up, says nothing of what was known before.
        since = since & mail.audience.day_after(again, mail.fact("created_at"))
    return before & ~since


def aged(mail: Mail, column: str, at: Location, concerned: Who, dates: str | None = None) -> Aged | None:
    """The values that are past their half-life when the mail goes out; None where none is, or no date is known.

    `dates` is the column that says when they were last known true, if it is not the field's own.
    """
    role = role_of(column, mail.labels.get(column, ""))
    limit, dates = mail.half_life(role), dates or mail.as_of(column)
    if limit is None or dates is None:
        return None
    without, _count = lacking(mail, column)
    holders = concerned & ~without
    who = holders & known_until(mail, dates, day(mail.send_at, limit))
    old = mail.audience.count(who)
    if not old:
        return None
    oldest = next(found for found, _count in mail.audience.days(dates, who) if found)
    says = (
        f"{share(old, mail.audience.count(holders))} of the values were last known true more than "
        f"{_age(limit)} before the send, the oldest in {oldest[:4]}"
    )
    return Aged(column, role, at, who, says)


def _age(days: int) -> str:
    if days >= 360 and abs(days / 365 - round(days / 365)) < 0.02:
        years = round(days / 365)
        return f"{years} year{'s' if years > 1 else ''}"
    return f"{round(days / 30.4)} months" if days >= 60 else f"{days} days"
