"""TIM003: an hour that does not exist on that day, or comes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Severity
from presend.reading import Who
from presend_checks._arrival import (
    Zones,
    is_skipped,
    is_twice,
    local_arrivals,
    named,
    people_in,
    wall_times,
    zones_of,
)
from presend_checks._numbers import share


@check(
    "TIM003",
    "clock-change",
    mishaps=["M30"],
    severity=Severity.LOW,
    needs=[Need.SCHEDULE, Need.FACTS],
    level=Level.TIME,
)
def clock_change(mail: Mail) -> Iterator[Hit]:
    """It goes by local time at an hour over which clocks change in some recipients' zones on that day.

    Why it matters
    Half past two does not exist on the night in which clocks go forward: platforms send an hour off, or leave people
    out, and none says which. An hour that comes twice is sent at either.

    How to fix
    Choose an hour after three in the morning, which is better anyway.

    Known limits
    Low where the hour is skipped, information where it comes twice. Only people whose zone is known; where it is not
    documented by which clock the hour was set, the account's is taken, with medium confidence unless it holds by each.
    """
    if not wall_times(mail):
        return
    zones = zones_of(mail)
    count, who, where, sure = _in(mail, zones, is_skipped)
    if count:
        yield Hit(
            Location(Part.CAMPAIGN, expression="an hour that is skipped"),
            f"For {share(count, zones.known)} of those whose zone is known the stated hour does not exist on that day, "
            f"as clocks go forward over it; {where}.",
            "Choose an hour over which no clock changes.",
            who=who,
            confidence=sure,
            reason="the stated hour does not exist there",
        )
    count, who, where, sure = _in(mail, zones, is_twice)
    if count:
        yield Hit(
            Location(Part.CAMPAIGN, expression="an hour that comes twice"),
            f"For {share(count, zones.known)} of those whose zone is known the stated hour comes twice on that day, as "
            f"clocks go back over it; {where}.",
            "Choose an hour over which no clock changes.",
            who=who,
            severity=Severity.INFO,
            confidence=sure,
            reason="the stated hour comes twice there",
        )


def _in(mail: Mail, zones: Zones, test: Callable[[datetime], bool]) -> tuple[int, Who, str, Confidence]:
    """How many, who and where the people are for whose likeliest arrival the test holds, and whether by every clock."""
    found = [(one, all(map(test, times))) for one, times in local_arrivals(mail, zones) if test(times[0])]
    there = [one for one, _sure in found]
    sure = Confidence.HIGH if all(each for _one, each in found) else Confidence.MEDIUM
    return sum(one.count for one in there), people_in(mail, there), named(there), sure
