"""TIM002: the hour at which people should get it has already passed where they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity, State
from presend_checks._arrival import GRACE, local_arrivals, named, people_in, wall_times, zones_of
from presend_checks._numbers import share


@check(
    "TIM002",
    "past-at-arrival",
    mishaps=["M30"],
    severity=Severity.MEDIUM,
    needs=[Need.SCHEDULE, Need.FACTS],
    level=Level.TIME,
)
def past_at_arrival(mail: Mail) -> Iterator[Hit]:
    """It goes by local time, and in some recipients' zones the stated hour has passed before anything was sent.

    Why it matters
    Depending on the platform and a box that somebody ticked, these people get it at once, at whatever hour it is there,
    or not at all.

    How to fix
    Schedule sends by local time a day ahead, or send to these zones separately.

    Known limits
    Only campaigns that have not begun to go; ten minutes are given. People without a known zone are not counted. Where
    it is not documented by which clock the hour was set, it counts as passed only if it is by each. A send at one
    moment that is past is past-schedule's.
    """
    if mail.state is not State.SCHEDULED or not wall_times(mail):
        return
    zones = zones_of(mail)
    missed = [
        one for one, times in local_arrivals(mail, zones) if max(at.astimezone(UTC) for at in times) < mail.now - GRACE
    ]
    if missed:
        count = sum(one.count for one in missed)
        yield Hit(
            Location(Part.CAMPAIGN, expression="past where they are"),
            f"For {share(count, zones.known)} of those whose zone is known the stated hour has already passed: they "
            f"get it at once, or not at all; {named(missed)}.",
            "Schedule it a day ahead, or send to these zones separately.",
            who=people_in(mail, missed),
            reason="the stated hour has passed there",
        )
