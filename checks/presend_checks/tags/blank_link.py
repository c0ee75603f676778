"""TAG012: a link target, or a parameter of one, that is blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind, OutcomeKind, Span
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Severity
from presend.reading import PartReading, Region
from presend_checks.tags import _blanks as blanks
from presend_checks.tags._places import UNSEEN, called, issue_at, link_around, surface_of

_PARAMETER = re.compile(r"[?&;]\s*([^=&;?#]+)=[^=&;]*\Z")
_TRACKING = re.compile(
    r"(?:amp;)?(?:utm_\w+|ref|referrer|source|src|medium|campaign|mc_[ce]id|gclid|fbclid|_ke|_kx|hs\w+|trk|tracking|cmp)",
    re.IGNORECASE,
)

_QUOTE = r"[\"']|&quot;|&#0*39;|&apos;"
_IN_URL = re.compile(rf"\burl\(\s*(?:{_QUOTE})?([^)\"']*)\Z", re.IGNORECASE)
_URL_END = re.compile(rf"{_QUOTE}|\)")
_LOUDER = (IssueKind.UNRELIABLE, IssueKind.SYNTAX, IssueKind.BROKEN_TAG)


@check("TAG012", "blank-link", mishaps=["M03"], severity=Severity.HIGH, needs=[Need.PARTS])
def blank_link(mail: Mail) -> Iterator[Hit]:
    """A link's or a picture's target, or a part of it, is blank for some recipients.

    Why it matters
    An empty href goes nowhere, a missing path leads to an error page, and a form that is opened without its
    parameter greets nobody. The text around the link looks perfect.

    How to fix
    Give the tag a fallback that makes a working address, or show the link under a condition only.

    Known limits
    A parameter for tracking alone (utm_…, ref) and what stands behind # are of medium severity. A parameter with an
    empty fallback may be meant: medium confidence. Conditions inside a link are judged by what they print. A
    target whose tag has a name that means nothing is told once, as unknown-tag, event-in-campaign or foreign-tag; here
    only where it stands in a style (`background:url(…)`), where those do not look.
    """
    for part in mail.parts:
        for region in part.regions:
            span = region.expression.span
            if region.expression.effect:
                continue
            if surface_of(mail, part, span) is not Surface.LINK and _in_style(mail, part, span) is None:
                continue
            if blanks.is_address(region) or issue_at(part, span, *_LOUDER) is not None:
                continue
            if blanks.explained(mail, part, region):
                if surface_of(mail, part, span) in UNSEEN:
                    yield from _nameless(mail, part, region)
            elif blanks.prints_a_value(region):
                yield from _judged(mail, part, region)


def _nameless(mail: Mail, part: PartReading, region: Region) -> Iterator[Hit]:
    """A picture in a style whose target is one tag, of a name that means nothing: it is missing for everybody."""
    if any(side.strip() for side in _address(mail, part, region)) or region.missing().kind is not OutcomeKind.BLANK:
        return
    says = "The whole link target is blank for everybody: its tag means nothing here."
    who = region.of_kind(OutcomeKind.BLANK) if mail.has_audience else None
    if who is None or mail.audience.count(who):
        yield Hit(mail.at(part, region), says, "Put the right tag or an address there.", who=who)


def _judged(mail: Mail, part: PartReading, region: Region) -> Iterator[Hit]:
    expression = region.expression
    severity, says = _role(mail, part, region)
    fix = f"To give it a fallback, {expression.fallback_place}." if expression.fallback_place else ""
    fix = fix or "Show the link only to those who have a value."
    meant = issue_at(part, expression.span, IssueKind.EMPTY_FALLBACK) is not None
    if not mail.has_audience:
        if blanks.is_blank({}, region.missing()) and not blanks.guarded(region):
            says = f"{says} for whoever lacks {called(expression.columns)}."
            yield Hit(mail.at(part, region), says, fix, severity=severity, confidence=Confidence.MEDIUM)
        return
    who = region.of_kind(OutcomeKind.BLANK)
    if mail.audience.count(who):
        if severity is Severity.HIGH:
            severity = blanks.severity_of(mail, region, who)
        unsure = meant or blanks.default_unread(mail, region)
        confidence = Confidence.MEDIUM if unsure else Confidence.HIGH
        yield Hit(
            mail.at(part, region),
            f"{says} for some recipients, who have {_lack(mail, region)} for {called(expression.columns)}.",
            fix,
            who=who,
            severity=severity,
            confidence=confidence,
        )


def _lack(mail: Mail, region: Region) -> str:
    """What those have instead of a value."""
    spaced = region.who(lambda row, outcome: outcome.kind is OutcomeKind.BLANK and not blanks.missing_value(row))
    return "no value, or nothing but white space," if mail.audience.count(spaced) else "no value"


def _role(mail: Mail, part: PartReading, region: Region) -> tuple[Severity, str]:
    """How much of the address hangs on the region, in words."""
    before, after = _address(mail, part, region)
    if not before.strip() and not after.strip():
        return Severity.HIGH, "The whole link target is blank"
    parameter = _PARAMETER.search(before)
    if parameter is not None:
        name = parameter[1].strip()
        if _TRACKING.fullmatch(name):
            return Severity.MEDIUM, f"The tracking parameter {name} of the link is blank"
        return Severity.HIGH, f"The parameter {name} of the link is blank"
    if "#" in before:
        return Severity.MEDIUM, "The anchor of the link is blank"
    return Severity.HIGH, "A part of the link's address is blank"


def _in_style(mail: Mail, part: PartReading, span: Span) -> tuple[str, str] | None:
    """What stands before and after a span in the `url(…)` of a style attribute; None outside of one."""
    place = mail.place(part, span.start)
    if place.surface is not Surface.CODE or place.attribute != "style":
        return None
    before = _IN_URL.search(part.source[place.start : span.start])
    after = _URL_END.split(part.source[span.end : place.end], maxsplit=1)[0]
    return None if before is None else (before[1], after)


def _address(mail: Mail, part: PartReading, region: Region) -> tuple[str, str]:
    span = region.expression.span
    written = link_around(part, span)
    styled = _in_style(mail, part, span)
    if styled is not None:
        return styled
    place = mail.place(part, span.start)
    if place.surface is not Surface.LINK and written is not None:
        return written
    return part.source[place.start : span.start], part.source[span.end : place.end]
