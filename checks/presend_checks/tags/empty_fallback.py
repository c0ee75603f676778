"""TAG007: a fallback that is none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from presend.check import Need, check
from presend.dialects.base import Issue, IssueKind, Outcome, OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Severity
from presend.reading import NOBODY, PartReading, Region
from presend_checks.tags import _blanks as blanks
from presend_checks.tags._places import UNSEEN, confidence_of, region_of, surface_of

_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_LAST = re.compile(r"([^\W\d_][\w'’-]+)[\s,]*\Z")


@check("TAG007", "empty-fallback", mishaps=["M02"], severity=Severity.HIGH, needs=[Need.PARTS])
def empty_fallback(mail: Mail) -> Iterator[Hit]:
    """A fallback is there and does nothing: an empty text, a form that the platform lacks, the word before it again.

    Why it matters
    The tag looks protected, so nobody looks again. Klaviyo's own menu inserts `default:''`; Mailchimp has no inline
    default at all, though many articles show one.

    How to fix
    Write a word that fits the sentence, as the finding shows, and read the sentence with it.

    Known limits
    An empty fallback inside a link parameter is reported as blank-link, since it may be meant there. One that says the
    word before it again ("Hello {{ first_name|default:'Hello' }}") is of medium severity, and found in text only.
    """
    yield from _empty(mail)
    for part in mail.parts:
        for region in part.regions:
            yield from _again(mail, part, region)


def _empty(mail: Mail) -> Iterator[Hit]:
    for part, issue in mail.issues(IssueKind.EMPTY_FALLBACK):
        region = region_of(part, issue.span)
        if region is None or surface_of(mail, part, issue.span) in UNSEEN | {Surface.LINK}:
            continue
        if region.expression.effect:
            continue  # it gives the value a name: who reads nothing is seen where that is printed (TAG002)
        if blanks.explained(mail, part, region):
            continue
        yield from _judged(mail, part, issue, region)


def _again(mail: Mail, part: PartReading, region: Region) -> Iterator[Hit]:
    """A fallback that says the word before it once more: "Hello Hello," for whoever has no value."""
    expression, words = region.expression, _WORD.findall(region.expression.fallback or "")
    if not words or expression.test or surface_of(mail, part, expression.span) is not Surface.TEXT:
        return
    before, _after = blanks.around(part, part.source, expression.span.start, expression.span.end)
    said = _LAST.search(before)
    if said is None or said[1].casefold() != words[0].casefold():
        return
    who = region.who(blanks.lacks_value) if mail.has_audience else None
    if who is None or mail.audience.count(who):
        says = f"The fallback says “{words[0]}” again: whoever has no value reads “{said[1]} {expression.fallback}”."
        fix = "Write a word that fits behind the one before it, or leave one of the two out."
        yield Hit(
            mail.at(part, region),
            says,
            fix,
            who=who,
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM if who is None else Confidence.HIGH,
        )


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
