"""DUP006: several campaigns to one person on one day, two discounts worst of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from presend.check import CannotTell, Level, Need, check
from presend.mail import Mail, Neighbour
from presend.model import Confidence, Hit, Kind, Location, Part, Severity, State
from presend.reading import EVERYONE, NOBODY, Who, anybody, at_least
from presend_checks._arrival import Zones, clock, day_by_zone, day_in, nowhere, people_in, zone, zones_of
from presend_checks._discounts import in_all, surely_differ
from presend_checks._numbers import listed, share

_NAMED = 3
"""Campaigns that a finding names; the others are counted."""
_LONGEST = 60
"""Characters of a campaign's name that a finding gives."""


@check(
    "DUP006",
    "several-at-once",
    mishaps=["M29"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.FACTS, Need.SCHEDULE, Need.NEIGHBOURS],
    level=Level.CAMPAIGN,
    options={"mails_a_day": 3},
)
def several_at_once(mail: Mail) -> Iterator[Hit]:
    """One person gets several campaigns on one day, from this account or another one, perhaps with two discounts.

    Why it matters
    20% off in the morning and 30% off in the afternoon makes a fool of whoever bought at noon. And each further mail of
    a day costs more readers than it finds: people leave the list because of the number, not of the content.

    How to fix
    Move one of them to another day, or leave those out of one who get the other.

    Known limits
    People are the same who have the same address, whatever its case. A day is one of the recipient's zone, else of the
    account's. A discount is an amount with what takes it off in one clause ("a tenner off", "20 percent less"), a price
    that was another one, a set ("3 for 2"), or something given for nothing, in copy that surely reaches the person.
    Two of them differ by their amounts or by what they are. One that stands in both mails, in whatever words, or that
    an "up to" may hold, may be one offer told twice, which is of medium confidence. Free delivery counts where it is
    for a time or with a code, and perhaps elsewhere, but not from a sum on. Rewards for bringing friends, standing
    terms, prizes, past offers and those of others are none. Without two discounts more than
    `mails_a_day` (3) mails are told, as low: a newsletter and news of a product on one day are ordinary. Automations
    without a time are nobody's mail of the day, and of a send that the platform times for each person nobody can tell
    the day: that is said.
    """
    zones, home = zones_of(mail), zone(mail.schedule.zone) or ZoneInfo("UTC")
    # An automation without a time, and whatever else has no day, is nobody's mail of the day.
    beside = [one for one in mail.neighbours if day_in(one.mails[0], home) is not None]
    if not beside:
        return
    if day_in(mail, home) is None:
        if mail.kind is Kind.CAMPAIGN and mail.state is State.SCHEDULED:
            raise CannotTell("on which day people get it is not known, so not what else they get on that day")
        return
    near = [(one, who) for one in beside if (who := _same_day(mail, one, zones, home)) != NOBODY]
    near = [(one, who) for one, who in near if not one.between.apart]
    yield from _two_discounts(mail, near)
    yield from _many(mail, near)


def _same_day(mail: Mail, other: Neighbour, zones: Zones, home: ZoneInfo) -> Who:
    """The recipients for whom the two arrive on one day, if they get both."""
    days = [day_by_zone(one) for one in (mail, *other.mails)]
    same = [one for one in zones.zones if _together(days, one.info)]
    at_home = bool(zones.unknown) and _together(days, home)
    if len(same) == len(zones.zones) and (at_home or not zones.unknown):
        return EVERYONE
    return people_in(mail, same) | (nowhere(mail, zones) if at_home else NOBODY)


def _together(days: Sequence[Callable[[ZoneInfo], date | None]], where: ZoneInfo) -> bool:
    first = days[0](where)
    return first is not None and all(each(where) == first for each in days[1:])


# -- two discounts


@dataclass(slots=True)
class _Others:
    """Campaigns of the day with a discount, each with its words."""

    named: list[tuple[Neighbour, str]] = field(default_factory=list)
    whole: list[Neighbour] = field(default_factory=list)
    """Those whose discount everybody reads, on this day wherever they live: compared in one go."""
    parts: list[Who] = field(default_factory=list)
    """For each of the others, who gets it on this day and reads its discount."""

    def who(self, mail: Mail) -> Who:
        """The recipients who read one of them."""
        whole = mail.getting(self.whole, 1) if self.whole else NOBODY
        return anybody((whole, *self.parts))


def _two_discounts(mail: Mail, near: list[tuple[Neighbour, Who]]) -> Iterator[Hit]:
    mine = in_all(mail.variants)
    if not mine.offers:
        return
    others, perhaps = _Others(), _Others()
    for other, same_day in near:
        theirs = in_all(other.mails)
        if not theirs.offers:
            continue
        found = others if surely_differ(mine, theirs) else perhaps
        if same_day == theirs.who == EVERYONE:
            found.whole.append(other)
        else:
            found.parts.append(same_day & other.between.shared(theirs.who))
        found.named.append((other, theirs.words))
    sure = mine.who & others.who(mail)
    yield from _discount_hit(mail, sure, mine.words, others, Confidence.HIGH)
    yield from _discount_hit(mail, mine.who & perhaps.who(mail) & ~sure, mine.words, perhaps, Confidence.MEDIUM)


def _discount_hit(mail: Mail, who: Who, words: str, others: _Others, confidence: Confidence) -> Iterator[Hit]:
    count = mail.audience.count(who)
    if not count:
        return
    named = listed([f'{_name(other)} with "{theirs}"' for other, theirs in others.named[:_NAMED]])
    rest = f" and {len(others.named) - _NAMED} more" if len(others.named) > _NAMED else ""
    what = "two discounts" if confidence is Confidence.HIGH else "perhaps two discounts"
    yield Hit(
        Location(Part.CAMPAIGN, expression=what),
        f'{share(count, mail.audience.size)} of the recipients get "{words}" here, at {clock(mail)}, and on the '
        f"same day {named}{rest}.",
        "Move one of them to another day, or leave those who get the other out of one.",
        who=who,
        confidence=confidence,
        column=mail.fact("email"),
        reason="gets another campaign with a discount on the same day",
    )


# -- many mails


def _many(mail: Mail, near: list[tuple[Neighbour, Who]]) -> Iterator[Hit]:
    fine = mail.options["mails_a_day"]
    who = _more_than(mail, fine, near)
    count = mail.audience.count(who)
    if not count:
        return
    others = listed([_name(other) for other, _same_day in near[:_NAMED]])
    rest = f" and {len(near) - _NAMED} more" if len(near) > _NAMED else ""
    yield Hit(
        Location(Part.CAMPAIGN, expression="many mails"),
        f"{share(count, mail.audience.size)} of the recipients get more than {fine} campaigns on the day of this one, "
        f"which goes at {clock(mail)}; on that day go {others}{rest} to some of them.",
        "Move one of them to another day, or leave those who get the others out of one.",
        who=who,
        severity=Severity.LOW,
        column=mail.fact("email"),
        reason=f"gets more than {fine} campaigns on this day",
    )


def _more_than(mail: Mail, fine: int, near: list[tuple[Neighbour, Who]]) -> Who:
    """Who gets so many others besides this one; looked at one by one only where a day is not the same for all."""
    who = mail.getting([other for other, _same_day in near], fine)
    if who == NOBODY or all(same_day == EVERYONE for _other, same_day in near):
        return who
    return at_least((same_day & other.between.shared() for other, same_day in near), fine)


def _name(other: Neighbour) -> str:
    name = " ".join(other.ref.name.split())
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}\u2026"
    return f"{short} ({other.reference}) at {clock(other.mails[0])}"
