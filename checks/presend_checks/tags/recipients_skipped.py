"""TAG009: recipients whom the platform would skip at send."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import Issue, IssueKind, OutcomeKind
from presend.dialects.hubspot.catalogue import CRM_CALL_LIMIT
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend.reading import NOBODY, PartReading, Region
from presend_checks.tags._places import is_for_everybody, issue_at, readers

_LOUDER = (IssueKind.BROKEN_TAG, IssueKind.FOREIGN_TAG)


@check("TAG009", "recipients-skipped", mishaps=["M03"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def recipients_skipped(mail: Mail) -> Iterator[Hit]:
    """The platform would not mail some recipients, because the template fails on their values.

    Why it matters
    A tag that fails on a text where it expects a number, or a lookup that finds nothing, does not stop the send: those
    recipients silently get no mail, and the report afterwards counts them as skipped.

    How to fix
    Make the tag safe for such values (test the value first, give it a default), or mend the values.

    Known limits
    Lookups in catalogues, coupon pools and feeds happen at send; presend lists them as unknowable. A tag that
    does not even parse is syntax-error's. HubSpot's pages give two limits for calls of CRM functions, ten of each in an
    email and five in a programmable one: only what is over the higher is reported, with medium confidence where some of
    the calls stand under conditions.
    """
    for part in mail.parts:
        if part.program.fatal:
            continue
        for region in (*part.regions, *part.tests):
            if issue_at(part, region.expression.span, *_LOUDER) is None:
                yield from _skipping(mail, part, region)
        for issue in part.program.issues:
            if issue.kind is IssueKind.LIMIT:
                yield from _over(mail, part, issue)


def _over(mail: Mail, part: PartReading, issue: Issue) -> Iterator[Hit]:
    """More calls than the platform makes: sure where so many stand outside of every condition."""
    who, sure = readers(mail, part, issue.span.start)
    if who == NOBODY:
        return
    calls = re.finditer(rf"\b{re.escape(issue.meant)}\s*\(", part.source)
    always = sum(1 for call in calls if is_for_everybody(part, call.start()))
    certain = sure and always > CRM_CALL_LIMIT
    yield Hit(
        mail.at(part, issue),
        issue.says,
        issue.fix,
        who=who,
        confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
        reads="(no mail)",
    )


def _skipping(mail: Mail, part: PartReading, region: Region) -> Iterator[Hit]:
    at = mail.at(part, region)
    issue = issue_at(part, region.expression.span, IssueKind.SYNTAX)
    fix = issue.fix if issue else "Test the value in a condition first or give it a default, or mend the values."
    if not mail.has_audience:
        outcome = region.missing()
        if outcome.kind is OutcomeKind.SKIPPED:
            says = issue.says if issue else f"Whoever lacks a value here gets no mail: {outcome.reason}."
            yield Hit(at, says, fix, confidence=Confidence.HIGH if issue else Confidence.MEDIUM)
        return
    who = region.of_kind(OutcomeKind.SKIPPED)
    if mail.audience.count(who):
        reasons = sorted({e.outcome.reason for e in region.entries() if e.outcome.kind is OutcomeKind.SKIPPED})
        says = issue.says if issue else f"Some recipients get no mail: {'; '.join(reasons[:3])}."
        yield Hit(at, says, fix, who=who, reads="(no mail)")
