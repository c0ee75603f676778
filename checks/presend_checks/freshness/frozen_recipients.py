"""AGE004: recipients that were fixed when the campaign was scheduled, and changed since."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Gap, Hit, Location, Part, Severity
from presend.reading import NOBODY
from presend_checks._numbers import day, share


@check(
    "AGE004",
    "frozen-recipients",
    mishaps=["M22"],
    severity=Severity.MEDIUM,
    needs=[Need.SEGMENT, Need.FACTS],
    level=Level.CAMPAIGN,
    options={"min_share": 0.05},
)
def frozen_recipients(mail: Mail) -> Iterator[Hit]:
    """The recipients were fixed when the campaign was scheduled, and their data, or who they are, has changed since.

    Why it matters
    Whoever bought, moved or asked to be left alone in the meantime is mailed as if nothing had happened, and who has
    joined the segment since gets nothing.

    How to fix
    Schedule the campaign again, so that its recipients are worked out anew.

    Known limits
    At least `min_share` (0.05) of the recipients must have changed, since the day after the one on which they were
    fixed; what changed in a record is not known, nor whether it matters. A platform that does not say when it fixed
    them but counted them otherwise than presend does now is reported with medium confidence.
    """
    size, frozen = mail.audience.size, mail.segment.frozen_since
    at = Location(Part.AUDIENCE, expression="frozen")
    fix = "Schedule the campaign again, so that its recipients are worked out anew."
    changed = NOBODY
    if frozen is not None and mail.has_fact("updated_at"):
        changed = mail.audience.day_between(mail.fact("updated_at"), day(frozen, -1), None)
    count = mail.audience.count(changed)
    if count and count >= mail.options["min_share"] * size:
        says = f"Since the recipients were fixed, {share(count, size)} of their records have changed."
        yield Hit(at, says, fix, who=changed, reason="changed since the recipients were fixed")
        return
    stated = mail.segment.stated_size
    if isinstance(stated, Gap) or not stated or abs(stated - size) < mail.options["min_share"] * max(stated, size):
        return
    says = f"The platform counted {stated} recipients when the campaign was scheduled; {size} match its audience now."
    confidence = Confidence.MEDIUM if frozen is None else Confidence.HIGH
    yield Hit(at, says, fix, confidence=confidence, reason="the audience has changed since it was counted")
