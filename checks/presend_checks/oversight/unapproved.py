"""OPS003: nobody has approved it, and the policy says that somebody must."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Gap, Hit, Location, Part, Severity
from presend.model.escalation import Level as Pressing
from presend.model.escalation import escalation

SEVERITY = {Pressing.DAY: Severity.MEDIUM, Pressing.HOURS: Severity.HIGH, Pressing.HOUR: Severity.BLOCKER}
"""How bad it is that nobody has looked, by how little time is left to stop it."""


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
    level = _level(mail)
    people = "more people" if missing > 1 else "one more person" if record.approved_by else "one person"
    yield Hit(
        Location(Part.CAMPAIGN, expression="approval"),
        f"It must be approved, since {record.why}; {have} approved it as it is now{ended}.",
        f"Let {people} look at it, then: presend approve {mail.reference} --by NAME",
        severity=Severity.LOW if level is None else SEVERITY[level],
    )


def _level(mail: Mail) -> Pressing | None:
    """How pressing it is; a time that nobody knows, or that has come, is as pressing as can be."""
    for moment in (mail.schedule.stoppable_until, mail.schedule.send_at):
        if not isinstance(moment, Gap):
            return Pressing.HOUR if moment <= mail.now else escalation(moment, mail.now)
    return Pressing.HOUR
