"""TAG003: a merge tag or property that nobody has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import Issue, IssueKind, OutcomeKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Platform, Severity
from presend.reading import NOBODY, Region
from presend_checks.tags import _blanks as blanks
from presend_checks.tags._places import UNSEEN, confidence_of, readers, region_of, surface_of

_NOISE = re.compile(r"[\W_]+")


@check("TAG003", "unknown-tag", mishaps=["M01"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def unknown_tag(mail: Mail) -> Iterator[Hit]:
    """A merge tag or property that nobody has: it prints nothing, or itself, for everybody.

    Why it matters
    One wrong letter or capital is enough: "First_Name" is not "first_name". The platform says nothing and prints
    nothing, or prints the tag, and with a fallback everybody is called by the fallback.

    How to fix
    Write the tag that was meant, which the finding shows where one is close; else create the field or delete the tag.

    Known limits
    Without the account's list of fields, or the audience, a name that presend has not seen may exist all the same:
    confidence is medium, unless it is a known name in other letters. A name that stands in a condition only, or has a
    fallback, is of medium severity: it may be a field that nobody among these recipients has yet.
    """
    for part, issue in mail.issues(IssueKind.UNKNOWN_NAME):
        if surface_of(mail, part, issue.span) in UNSEEN:
            continue
        region = region_of(part, issue.span)
        if region is not None and mail.has_audience and not issue.certain and blanks.has_values(mail, region):
            continue
        who, sure = readers(mail, part, issue.span.start)
        if who == NOBODY:
            continue
        # An audience of which nothing is known may have a field PROMOCODE, whatever Mailchimp calls its own tag.
        variant = _is_variant(issue) and (issue.certain or mail.platform is not Platform.MAILCHIMP)
        yield Hit(
            mail.at(part, issue),
            issue.says,
            issue.fix,
            who=who,
            severity=Severity.BLOCKER if variant or _shows(region) else Severity.MEDIUM,
            confidence=Confidence.HIGH if variant and sure else confidence_of(issue, sure=sure),
        )


def _is_variant(issue: Issue) -> bool:
    """Whether the tag that was meant differs in capitals, underscores and the like only."""
    return bool(issue.meant) and _letters(issue.meant) == _letters(issue.source)


def _letters(tag: str) -> str:
    return _NOISE.sub("", tag).casefold()


def _shows(region: Region | None) -> bool:
    """Whether readers see that nothing is there: no condition, and no fallback or guard that covers it."""
    if region is None:
        return True
    if region.expression.test or blanks.guarded(region):
        return False
    return region.missing().kind is not OutcomeKind.PRINTED
