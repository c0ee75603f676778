"""TAG015: a construct that the vendor documents as not working where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from operator import or_

from presend.check import Need, check
from presend.dialects.base import Issue, IssueKind, OutcomeKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Part, Platform, Severity
from presend.reading import NOBODY, PartReading, Region
from presend_checks.tags._places import (
    UNSEEN,
    called,
    confidence_of,
    issue_at,
    orders_texts,
    readers,
    region_of,
    surface_of,
)

_AMOUNT = re.compile(r"\{%-?\s*currency_format\b")
_LOUDER = (IssueKind.SYNTAX, IssueKind.BROKEN_TAG, IssueKind.FOREIGN_TAG, IssueKind.UNKNOWN_NAME)


@check("TAG015", "unreliable", mishaps=["M03"], severity=Severity.MEDIUM, needs=[Need.PARTS])
def unreliable(mail: Mail) -> Iterator[Hit]:
    """A construct that the vendor documents as not working there, or whose behaviour nobody documents.

    Why it matters
    It works in the preview, on a page, or in another part of the mail, and fails here: a HubSpot filter that should
    give a fallback, a condition on contact data without programmable email, a Mailchimp condition in the subject, a
    tag in the sender's name.

    How to fix
    Use the construct that the finding names, which the vendor documents for this place.

    Known limits
    What such a construct really prints is unknown. Where the vendor says that it does not work, everybody who reads it
    counts; where nobody documents it, those for whom it may make a difference, at info if today there are none.
    Severity is high where it surely prints nothing. What one and the same step mends in several places of a part is
    told once, at the first, with how many more there are. A file does not say whether its module or template is to be
    programmable: for HubSpot's templates on disk the confidence is medium.
    """
    alike: dict[tuple[Part, str, Severity | None], list[Hit]] = {}
    for part, hit in _hits(mail):
        alike.setdefault((part, hit.fix, hit.severity), []).append(hit)
    for hits in alike.values():
        yield _once(hits)
    if mail.has_audience:
        yield from _amounts(mail)


def _once(hits: list[Hit]) -> Hit:
    """The first of some hits of the same cure, for everybody whom any of them concerns."""
    first, more = hits[0], len(hits) - 1
    if not more:
        return first
    whos = [hit.who for hit in hits if hit.who is not None]
    who = reduce(or_, whos) if len(whos) == len(hits) else None
    sure = all(hit.confidence is first.confidence for hit in hits)
    says = f"{first.says} So it is with {more} more {'tag' if more == 1 else 'tags'} here."
    return replace(first, says=says, who=who, confidence=first.confidence if sure else Confidence.MEDIUM)


def _hits(mail: Mail) -> Iterator[tuple[Part, Hit]]:
    for part, issue in mail.issues(IssueKind.UNRELIABLE, IssueKind.UNSUPPORTED):
        if surface_of(mail, part, issue.span) in UNSEEN or issue_at(part, issue.span, *_LOUDER):
            continue
        region = region_of(part, issue.span)
        if region is not None and region.expression.columns and not region.expression.test:
            yield from ((part.part, hit) for hit in _printing(mail, part, issue, region))
        elif region is None or not orders_texts(part, region):
            who, sure = readers(mail, part, issue.span.start)
            confidence = confidence_of(issue, sure=sure) if mail.has_audience else Confidence.MEDIUM
            if who != NOBODY:
                yield part.part, Hit(mail.at(part, issue), issue.says, issue.fix, who=who, confidence=confidence)


def _amounts(mail: Mail) -> Iterator[Hit]:
    """Klaviyo's currency_format over texts, which it leaves as they are: "$40" beside "€12.00"."""
    for part in mail.parts:
        for region in part.regions if mail.platform is Platform.KLAVIYO else ():
            if _AMOUNT.match(region.expression.source) is None or not region.expression.columns:
                continue
            who = region.who(lambda row, _outcome: any(isinstance(v, str) and v.strip() for v in row.values()))
            if mail.audience.count(who):
                name = called(region.expression.columns)
                says = f"currency_format takes numbers only, and {name} is text for some recipients: it stays as it is."
                yield Hit(mail.at(part, region), says, f"Keep {name} as a number, without a sign.", who=who)


def _printing(mail: Mail, part: PartReading, issue: Issue, region: Region) -> Iterator[Hit]:
    """A value printed in a way that cannot be relied on: it concerns those for whom it is not certain to print."""
    at = mail.at(part, issue)
    if not mail.has_audience:
        yield Hit(at, issue.says, issue.fix, confidence=Confidence.MEDIUM)
        return
    # Where the vendor says that it does not work, it need not work for those with a value either.
    who = region.reached() if issue.certain else region.of_kind(OutcomeKind.UNKNOWN, OutcomeKind.BLANK)
    if not mail.audience.count(who):
        if mail.audience.count(region.reached()):
            yield Hit(at, issue.says, issue.fix, who=NOBODY, severity=Severity.INFO, confidence=confidence_of(issue))
        return
    blank = not issue.certain and not mail.audience.count(region.of_kind(OutcomeKind.UNKNOWN))
    yield Hit(
        at,
        issue.says,
        issue.fix,
        who=who,
        severity=Severity.HIGH if blank else Severity.MEDIUM,
        confidence=Confidence.HIGH if blank else confidence_of(issue),
    )
