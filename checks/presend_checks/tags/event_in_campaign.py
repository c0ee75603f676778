"""TAG010: data of an event or a flow, used in a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from presend.check import Need, check
from presend.dialects.base import IssueKind, OutcomeKind
from presend.mail import Mail
from presend.model import Hit, Kind, Platform, Severity
from presend.reading import NOBODY
from presend_checks.tags._places import UNSEEN, confidence_of, readers, region_of, surface_of


@check("TAG010", "event-in-campaign", mishaps=["M03"], severity=Severity.HIGH, needs=[Need.PARTS])
def event_in_campaign(mail: Mail) -> Iterator[Hit]:
    """Data that only an event or an automation brings along is used in a campaign, where there is none.

    Why it matters
    A block copied from an abandoned-cart flow shows its products in the flow's preview. In a campaign nothing started
    the send, so the name of the product, its price and its link are blank for everybody.

    How to fix
    Use a property of the profile, put fixed products in, or send it from the flow it came from.

    Known limits
    With a fallback, or in a condition only, it is of medium severity: everybody reads the same, which may be meant.
    A template of Klaviyo's of which nobody knows what will send it may be a flow's, whose every block reads an event:
    the first tag is told, and how many more there are.
    """
    if mail.kind is not Kind.TEMPLATE or mail.platform is not Platform.KLAVIYO:
        yield from _hits(mail)
        return
    by_source: dict[str, list[Hit]] = {}
    for hit in _hits(mail):
        by_source.setdefault(hit.says.split(None, 1)[0], []).append(hit)  # the sentence begins with what has the data
    for hits in by_source.values():
        first = min(hits, key=lambda hit: hit.severity is not Severity.HIGH)
        more = len(hits) - 1
        also = f" {more} more {'tag reads' if more == 1 else 'tags read'} it." if more else ""
        fix = f"If a campaign will send this: {first.fix[0].lower()}{first.fix[1:]}"
        yield replace(first, says=f"{first.says}{also}", fix=fix)


def _hits(mail: Mail) -> Iterator[Hit]:
    for part, issue in mail.issues(IssueKind.EVENT_DATA):
        if surface_of(mail, part, issue.span) in UNSEEN:
            continue
        who, sure = readers(mail, part, issue.span.start)
        if who == NOBODY:
            continue
        region = region_of(part, issue.span)
        covered = region is not None and (
            region.expression.test or bool(issue.reads) or region.missing().kind is OutcomeKind.PRINTED
        )
        severity = Severity.MEDIUM if covered else Severity.HIGH
        confidence = confidence_of(issue, sure=sure)
        yield Hit(mail.at(part, issue), issue.says, issue.fix, who=who, severity=severity, confidence=confidence)
