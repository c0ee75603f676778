"""TIM001: it arrives while people sleep."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import CannotTell, Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Gap, Hit, Location, Part, Severity, State, Strategy
from presend_checks._arrival import (
    AT_ONCE,
    FEW,
    SPREAD,
    Zones,
    begins_at,
    is_night,
    local_arrivals,
    named,
    nowhere,
    people_in,
    wall_times,
    zone,
    zones_of,
)
from presend_checks._numbers import share

_FIX = "Choose an hour that is by day for them, send by the recipients' local time, or send to these zones separately."


@check(
    "TIM001",
    "night-arrival",
    mishaps=["M30"],
    severity=Severity.MEDIUM,
    needs=[Need.SCHEDULE, Need.FACTS],
    level=Level.TIME,
    options={"from_hour": 22, "until_hour": 7, "share": 0.1},
)
def night_arrival(mail: Mail) -> Iterator[Hit]:
    """The mail arrives between ten at night and seven in the morning by the recipients' own clocks.

    Why it matters
    A phone that buzzes at three wakes people, and by the morning the mail is below twenty others. Nearly always nobody
    meant it: somebody picked nine o'clock and thought of one zone only.

    How to fix
    Choose an hour that is by day for all of them, send by the recipients' local time, or send to far zones separately.

    Known limits
    `from_hour` (22) and `until_hour` (7) are the night, `share` (0.1) is the part of those whose zone is known from
    which it is medium; fewer are information, as no hour is by day for a whole world. People without a zone are
    judged by the account's own, with medium confidence, and only where they are more than a few. A send that is
    spread over hours is judged by its beginning, with medium confidence; one that the platform times for each person
    is not judged.
    """
    strategy = mail.schedule.strategy
    if strategy is Strategy.LOCAL_TIME:
        yield from _by_local_time(mail)
    elif strategy in (*AT_ONCE, *SPREAD):
        yield from _at_one_moment(mail)
    elif strategy is Strategy.UNKNOWN and mail.state is State.SCHEDULED:
        raise CannotTell("how the platform spreads this send over time is not known, nor at what hour people get it")


def _by_local_time(mail: Mail) -> Iterator[Hit]:
    walls = wall_times(mail)
    if not walls:
        raise CannotTell(
            "at what local hour people get it is not known: the account's time zone or the time is missing"
        )
    nights = [is_night(at, mail.options["from_hour"], mail.options["until_hour"]) for at in walls]
    if not nights[0]:
        return
    yield Hit(
        Location(Part.CAMPAIGN, expression="night"),
        f"It goes by the recipients' local time, at {walls[0]:%H:%M}: at night for everybody.",
        "Choose an hour of the day.",
        confidence=Confidence.HIGH if all(nights) else Confidence.MEDIUM,
        reason="gets it at night",
    )


def _at_one_moment(mail: Mail) -> Iterator[Hit]:
    begins = begins_at(mail)
    if begins is None:
        if mail.state is State.SCHEDULED and isinstance(mail.schedule.send_at, Gap):
            raise CannotTell(f"at what hour people get it is not known: {mail.schedule.send_at.reason}")
        return
    zones = zones_of(mail)
    hours = mail.options["from_hour"], mail.options["until_hour"]
    dark = [one for one, (at,) in local_arrivals(mail, zones) if is_night(at, *hours)]
    sure = Confidence.HIGH if mail.schedule.strategy in AT_ONCE else Confidence.MEDIUM
    if dark:
        count = sum(one.count for one in dark)
        whom = share(count, zones.known)
        yield Hit(
            Location(Part.CAMPAIGN, expression="night"),
            f"{whom} of those whose zone is known get it between {_clock(hours[0])} and {_clock(hours[1])} by their "
            f"own clock; {named(dark)}.",
            _FIX,
            who=people_in(mail, dark),
            severity=_severity(count, zones.known, mail),
            confidence=sure,
            reason="gets it at night",
        )
    yield from _without_zone(mail, zones)


def _without_zone(mail: Mail, zones: Zones) -> Iterator[Hit]:
    begins, account = begins_at(mail), zone(mail.schedule.zone)
    if begins is None or account is None or zones.unknown <= FEW * zones.size:
        return
    at = begins.astimezone(account)
    if is_night(at, mail.options["from_hour"], mail.options["until_hour"]):
        yield Hit(
            Location(Part.CAMPAIGN, expression="night in the account's zone"),
            f"It goes at {at:%H:%M} by the account's clock, at night; of {share(zones.unknown, zones.size)} recipients "
            "no zone of their own is known.",
            _FIX,
            who=nowhere(mail, zones),
            severity=_severity(zones.unknown, zones.size, mail),
            confidence=Confidence.MEDIUM,
            reason="gets it at night, if in the account's zone",
        )


def _clock(hour: int) -> str:
    return f"{hour:02d}:00"


def _severity(part: int, whole: int, mail: Mail) -> Severity:
    return Severity.MEDIUM if not whole or part / whole >= mail.options["share"] else Severity.INFO
