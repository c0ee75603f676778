"""TIM004: whatever is wrong with it, it can no longer be taken back."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Gap, Hit, Location, Part, Severity, State, Strategy


@check(
    "TIM004",
    "too-late-to-stop",
    mishaps=["M30"],
    severity=Severity.LOW,
    needs=[Need.SCHEDULE],
    level=Level.CAMPAIGN,
)
def too_late_to_stop(mail: Mail) -> Iterator[Hit]:
    """The last moment at which the platform would take the campaign back has passed, though not everybody has it yet.

    Why it matters
    Nothing that is found in it now can be held. Sends by local time begin up to a day before their stated hour, which
    is when they can be stopped for the last time, and that surprises people.

    How to fix
    Act in the platform, if at all: cancel what is left of it there. Next time scan earlier.

    Known limits
    Low, since nothing needs to be wrong with the mail. By the last moment that the platform documents, else by the
    first delivery. A campaign whose whole time has passed is past-schedule's; live automations are never too late.
    """
    schedule = mail.schedule
    if mail.state is State.SENDING:
        yield _hit("It is already being sent")
    if mail.state is not State.SCHEDULED or schedule.strategy is Strategy.RECURRING:
        return
    if isinstance(schedule.stoppable_until, Gap) or mail.now < schedule.stoppable_until:
        return
    if isinstance(schedule.stated, Gap) or schedule.stated > mail.now:
        yield _hit(f"The last moment to take it back was {schedule.stoppable_until:%Y-%m-%d %H:%M} UTC")


def _hit(what: str) -> Hit:
    return Hit(
        Location(Part.CAMPAIGN, expression="too late"),
        f"{what}: it can no longer be held.",
        "If something is wrong with it, cancel what is left of it in the platform.",
    )
