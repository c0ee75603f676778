"""OPS006: an automation that goes on sending what nobody has touched for a year."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import CannotTell, Level, Need, check
from presend.mail import Mail
from presend.model import Hit, Kind, Location, Part, Severity, State


@check(
    "OPS006",
    "forgotten-automation",
    mishaps=["M28"],
    severity=Severity.LOW,
    needs=[Need.SCHEDULE, Need.FOUND],
    level=Level.CAMPAIGN,
    options={"days": 365},
)
def forgotten_automation(mail: Mail) -> Iterator[Hit]:
    """A live automation's mails were changed last more than a year ago.

    Why it matters
    Nobody schedules an automation again, so nobody looks at it again: prices, products, links and the names of
    colleagues in it grow old while people go on getting it every day.

    How to fix
    Read it as somebody gets it today, correct what has grown old, and save it; or switch it off.

    Known limits
    Platforms tell when something was changed, not when somebody looked: an automation that was read and found good
    is named as well, so it is low, and medium only where another check is sure of something high in it. Of several
    mails the one that was changed last counts. Mailchimp does not show its customer journeys.
    """
    if mail.kind is not Kind.AUTOMATION or mail.state is not State.LIVE:
        return
    if mail.updated_at is None:
        raise CannotTell("the platform does not tell when the automation was changed last")
    days = (mail.now - mail.updated_at).days
    if days <= mail.options["days"]:
        return
    worse = mail.found is not None and mail.found >= Severity.HIGH
    yield Hit(
        Location(Part.CAMPAIGN, expression="review"),
        f"It is live, and its mails were changed last {days} days ago ({mail.updated_at:%Y-%m-%d})"
        + (", and there is something serious in them now." if worse else "."),
        "Read it as somebody gets it today, correct what has grown old, and save it; or switch it off.",
        severity=Severity.MEDIUM if worse else None,
    )
