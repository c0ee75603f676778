"""OPS002: a campaign that should have gone and has not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Gap, Hit, Location, Part, Severity, State, Strategy

_GRACE = timedelta(minutes=10)
_SPREAD = timedelta(hours=36)
"""For a send that is spread over the zones, or over the day, before anything may be called late."""
_AT_ONCE = (Strategy.STATIC, Strategy.IMMEDIATE)


@check(
    "OPS002",
    "past-schedule",
    mishaps=["M30"],
    severity=Severity.HIGH,
    needs=[Need.SCHEDULE],
    level=Level.CAMPAIGN,
)
def past_schedule(mail: Mail) -> Iterator[Hit]:
    """The campaign is still scheduled although its time has passed.

    Why it matters
    It may be stuck, and then nobody has noticed that it did not go; or the platform may send it at any moment, at night
    or after the offer has ended.

    How to fix
    Take it back, find out why it did not go, and schedule it again for a time at which it still makes sense.

    Known limits
    Ten minutes are given, and a day and a half where the platform spreads a send over time zones or hours. A campaign
    that is being sent, or that recurs, is not late.
    """
    schedule = mail.schedule
    if mail.state is not State.SCHEDULED or schedule.strategy is Strategy.RECURRING or isinstance(schedule.stated, Gap):
        return
    late = mail.now - schedule.stated
    if late <= (_GRACE if schedule.strategy in _AT_ONCE else _SPREAD):
        return
    hours = late.total_seconds() / 3600
    ago = f"{hours:.0f} hours" if hours >= 2 else f"{late.total_seconds() / 60:.0f} minutes"
    yield Hit(
        Location(Part.CAMPAIGN, expression="schedule"),
        f"It is still scheduled, although its time passed {ago} ago.",
        "Take it back, find out why it did not go, and schedule it again.",
    )
