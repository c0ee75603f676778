"""TAG007: a fallback that is none."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from presend.check import Need, check
from presend.dialects.base import Issue, IssueKind, Outcome, OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Severity
from presend.reading import NOBODY, PartReading, Region
from presend_checks.tags import _blanks as blanks
from presend_checks.tags._places import UNSEEN, confidence_of, region_of, surface_of


@check("TAG007", "empty-fallback", mishaps=["M02"], severity=Severity.HIGH, needs=[Need.PARTS])
def empty_fallback(mail: Mail) -> Iterator[Hit]:
    """A fallback is there and does nothing: an empty or blank text, or a form that the platform does not have.

    Why it matters
    The tag looks protected, so nobody looks again. Klaviyo's own menu inserts `default:''`; Mailchimp has no inline
    default at all, though many articles show one.

    How to fix
    Write a word that fits the sentence, as the finding shows, and read the sentence with it.

    Known limits
    An empty fallback inside a link parameter is reported as blank-link, since it may be meant there.
    """
    for part, issue in mail.issues(IssueKind.EMPTY_FALLBACK):
        region = region_of(part, issue.span)
        if region is None or surface_of(mail, part, issue.span) in UNSEEN | {Surface.LINK}:
            continue
        if region.expression.effect:
            continue  # it gives the value a name: who reads nothing is seen where that is printed (TAG002)
        if blanks.explained(mail, part, region):
            continue
        yield from _judged(mail, part, issue, region)


def _judged(mail: Mail, part: PartReading, issue: Issue, region: Region) -> Iterator[Hit]:
    at = mail.at(part, issue)
    # A form that the platform does not have prints itself or nothing, whatever the data.
    lost = not region.expression.columns and region.missing().kind is OutcomeKind.UNKNOWN
    if not mail.has_audience:
        yield Hit(at, issue.says, issue.fix, confidence=confidence_of(issue) if lost else Confidence.MEDIUM)
        return
    if lost:
        who = region.reached()
        if mail.audience.count(who):
            yield Hit(at, issue.says, issue.fix, who=who, confidence=confidence_of(issue))
        return
    who = blanks.blank_for(part, region) | region.who(_shows_nothing)
    if mail.audience.count(who):
        severity, confidence = blanks.severity_of(mail, region, who), blanks.confidence_in(mail, part, region, who)
        yield Hit(at, issue.says, issue.fix, who=who, severity=severity, confidence=confidence)
    elif not mail.audience.count(region.of_kind(OutcomeKind.BLANK)) and mail.audience.count(region.reached()):
        yield Hit(at, f"{issue.says} Today every recipient has a value.", issue.fix, who=NOBODY, severity=Severity.INFO)


def _shows_nothing(row: Mapping[str, Any], outcome: Outcome) -> bool:
    """Whether what stands in for a missing value is an entity of white space, which Django prints as it is."""
    empty = outcome.kind is OutcomeKind.PRINTED and "&" in outcome.text and not html.unescape(outcome.text).strip()
    return empty and blanks.lacks_value(row, outcome)
