"""OPS004: the record knows no test of the campaign as it is now."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity


@check(
    "OPS004",
    "untested",
    mishaps=["M24"],
    severity=Severity.INFO,
    needs=[Need.RECORD],
    level=Level.CAMPAIGN,
)
def untested(mail: Mail) -> Iterator[Hit]:
    """No test send of the campaign as it is now is on record.

    Why it matters
    The last edit is the one that nobody looks at in an inbox: a test before it says nothing about it.

    How to fix
    Send yourself a test from the platform, look at it, and record it: `presend tested CAMPAIGN --by NAME`.

    Known limits
    No platform tells of test sends, so presend knows only what is recorded: without a record it says "no record",
    never "not tested", and only as information. A test on record from before the last edit is low.
    """
    record = mail.record
    if record.tested_now:
        return
    fix = f"Send yourself a test from the platform, look at it, then: presend tested {mail.reference} --by NAME"
    at = Location(Part.CAMPAIGN, expression="test")
    if record.tested_at is None:
        yield Hit(at, "There is no record of a test send.", fix)
    else:
        when = f"{record.tested_at:%Y-%m-%d %H:%M} UTC"
        yield Hit(at, f"It was changed after the test on record ({when}).", fix, severity=Severity.LOW)
