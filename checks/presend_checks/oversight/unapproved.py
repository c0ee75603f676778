"""OPS003: nobody has approved it, and the policy says that somebody must."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Gap, Hit, Location, Part, Severity

STEPS = (
    (timedelta(hours=1), Severity.BLOCKER),
    (timedelta(hours=4), Severity.HIGH),
    (timedelta(hours=24), Severity.MEDIUM),
)
"""How much time is left to stop it, and how bad it then is that nobody has looked."""


@check(
    "OPS003",
    "unapproved",
    mishaps=["M25"],
    severity=Severity.LOW,
    needs=[Need.RECORD, Need.SCHEDULE],
    level=Level.CAMPAIGN,
)
def unapproved(mail: Mail) -> Iterator[Hit]:
    """The policy asks for an approval of this campaign, and too few people have given theirs.

    Why it matters
    Red flags that somebody raised and nobody answered are in most stories of sends that went wrong. An approval names
    who looked at exactly this content, this audience and this time.

    How to fix
    Look at the campaign, then `presend approve CAMPAIGN --by NAME`. An edit after that ends the approval.

    Known limits
    NAME is what somebody says of themselves, an attestation and no login. It grows with the time left: low, from a day
    before the last moment to stop medium, from four hours high, from one hour on a blocker. Where the last moment to
    stop is not known, the time of sending stands for it; where that is not known either, it counts as near.
    """
    record = mail.record
    missing = record.needed - len(record.approved_by)
    if missing <= 0:
        return
    have = f"{len(record.approved_by)} of {record.needed} have" if record.approved_by else "nobody has"
    ended = ", and an edit has ended the approval it had" if record.void else ""
    left = _left(mail)
    severity = next((severity for within, severity in STEPS if left is None or left <= within), Severity.LOW)
    people = "more people" if missing > 1 else "one more person" if record.approved_by else "one person"
    yield Hit(
        Location(Part.CAMPAIGN, expression="approval"),
        f"It must be approved, since {record.why}; {have} approved it as it is now{ended}.",
        f"Let {people} look at it, then: presend approve {mail.reference} --by NAME",
        severity=severity,
    )


def _left(mail: Mail) -> timedelta | None:
    for moment in (mail.schedule.stoppable_until, mail.schedule.send_at):
        if not isinstance(moment, Gap):
            return moment - mail.now
    return None
