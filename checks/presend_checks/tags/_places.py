"""Where in a part something stands: which region or condition it belongs to, who gets to read it, on what surface."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from presend.dialects.base import Issue, IssueKind, OutcomeKind, Span
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Severity
from presend.reading import EVERYONE, NOBODY, PartReading, Region, Who

UNSEEN = frozenset({Surface.COMMENT, Surface.CODE})
"""Surfaces that nobody reads as words."""

UNNAMED = (IssueKind.UNKNOWN_NAME, IssueKind.EVENT_DATA, IssueKind.FOREIGN_TAG)
"""What makes a tag print nothing for everybody, whatever the data: their own checks speak of such places."""

_MANGLED = re.compile(
    r"</?[A-Za-z][^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);|[‘’‚“”„′″]"
    "|[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff\uff01-\uff5e]"
)
_URL = re.compile(r"(?:https?://|mailto:|www\.)\S*\Z", re.IGNORECASE)
_EDGE = re.compile(r"[\s<>\"')\]]")


def region_of(part: PartReading, span: Span) -> Region | None:
    """The innermost region or condition in which a span begins; None where it stands in plain text."""
    return part.region_at(span.start)


def issue_at(part: PartReading, span: Span, *kinds: IssueKind) -> Issue | None:
    """The first issue of one of the kinds that shares a character with the span."""
    return part.issue_at(span, *kinds)


def surface_of(mail: Mail, part: PartReading, span: Span) -> Surface:
    """How a reader meets the span; an address in the plain text is a link too."""
    surface = mail.place(part, span.start).surface
    if surface is Surface.TEXT and link_around(part, span) is not None:
        return Surface.LINK
    return surface


def link_around(part: PartReading, span: Span) -> tuple[str, str] | None:
    """What stands before and after a span inside a web address that is written out as text; None outside of one."""
    before = _URL.search(part.source[max(0, span.start - 300) : span.start])
    if before is None:
        return None
    after = part.source[span.end : span.end + 300]
    edge = _EDGE.search(after)
    return before[0], after[: edge.start()] if edge else after


def readers(mail: Mail, part: PartReading, offset: int) -> tuple[Who | None, bool]:
    """Who gets to read what stands at an offset, and whether that is certain.

    Without an audience: (None, True). Where the conditions in front of it cannot be decided for anybody, those who are
    not surely kept from it, and False. NOBODY when everybody is kept from it.
    """
    if not mail.has_audience:
        return None, True
    sure, possible = part.surely(offset), part.perhaps(offset)
    if sure == EVERYONE or mail.audience.count(sure):
        return sure, True
    return (possible, False) if mail.audience.count(possible) else (NOBODY, True)


def called(columns: Iterable[str]) -> str:
    """Columns as their account knows them, for a sentence: Klaviyo's places are City and Country, and no path."""
    return ", ".join(column.removeprefix("location.") for column in columns)


def is_for_everybody(part: PartReading, offset: int) -> bool:
    """Whether no condition stands in front of what stands at an offset."""
    return not part.guards_at(offset)


def is_mangled(issue: Issue) -> bool:
    """Whether markup, entities, curly quotes or invisible characters stand in a tag that does not parse."""
    return issue.kind is IssueKind.SYNTAX and _MANGLED.search(issue.source) is not None


def skips_at_send(part: PartReading, issue: Issue) -> bool:
    """Whether a faulty tag passes the platform's own check and then fails for each recipient (TAG009)."""
    region = region_of(part, issue.span)
    return not part.program.fatal and region is not None and region.missing().kind is OutcomeKind.SKIPPED


def confidence_of(issue: Issue, *, sure: bool = True) -> Confidence:
    """High where the vendor's behaviour and the readers are certain."""
    return Confidence.HIGH if issue.certain and sure else Confidence.MEDIUM


def hits_of(mail: Mail, *kinds: IssueKind, severity: Severity | None = None) -> Iterator[Hit]:
    """One hit per issue of the kinds that somebody gets to read, outside comments and style sheets."""
    for part, issue in mail.issues(*kinds):
        if surface_of(mail, part, issue.span) in UNSEEN:
            continue
        who, sure = readers(mail, part, issue.span.start)
        if who == NOBODY:
            continue
        yield Hit(
            mail.at(part, issue),
            issue.says,
            issue.fix,
            who=who,
            reads=issue.reads or None,
            severity=severity,
            confidence=confidence_of(issue, sure=sure),
        )


ORDERINGS = frozenset({"<", "<=", ">", ">="})


def orders_texts(part: PartReading, region: Region) -> bool:
    """Whether a condition orders the values of a field that holds texts, which the platform does by no known rule."""
    expression = region.expression
    if not expression.test or not any(one.op in ORDERINGS for one in expression.compares):
        return False
    issue = issue_at(part, expression.span, IssueKind.UNRELIABLE)
    return issue is not None and not issue.certain
