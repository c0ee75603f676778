"""Who would read nothing at a region, how bad that is, and how sure one can be that it shows."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from presend.dialects.base import IssueKind, Outcome, OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Confidence, Part, Platform, Severity
from presend.reading import NOBODY, PartReading, Region, Rendered, Who
from presend.reading.excerpt import visible
from presend_checks.tags._places import UNNAMED, issue_at, surface_of

WHOLE_PARTS = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.FROM_NAME)
"""Parts that are spoken of as a whole where nothing in them prints (TAG011)."""

NEAR = 600
"""Characters on each side of a place that are looked at."""

Row = Mapping[str, Any]

GREETING = re.compile(
    r"(?:^|[^\w])(?:hi|hello|hey|hiya|dear|welcome(?: back)?|thanks|thank you|congratulations|congrats|sorry|"
    r"good (?:morning|afternoon|evening|day)|happy (?:birthday|anniversary)|hola|estimad[oa]|querid[oa]|bonjour|salut|"
    r"cher|chère|hallo|liebe[rs]?|guten (?:tag|morgen)|sehr geehrte[r]?(?: herr| frau)?|ciao|gentile|caro|cara|"
    r"beste|geachte|olá|oi|kära|hej|hei|moi)[\s,]*\Z",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"(?:^|[^\w])(?:a|an|the|your|our|my|their|his|her|for|in|at|to|from|of|on|with|about|by|near|as|is|are|was|and|or|"
    r"called|named|than|like|until|since|before|after|only|just|off|save|mit|für|in|bei|von|zu|und|pour|avec|de|à|en|"
    r"con|para|di|da|per)\s+\Z",
    re.IGNORECASE,
)
STOP = re.compile(r"\s*[,.!?:;)\]…]")
POSSESSIVE = re.compile(r"['’]s\b")
WORD_BEFORE = re.compile(r"[^\W\d_][\w'’-]*\s+\Z|\d\s+\Z")
WORD_AFTER = re.compile(r"\s+\w")
_DASHES = "–—-"
_PAIRED = {"(": ")", "[": "]", '"': '"', "“": "”", "„": "“", "«": "»", "‘": "’"} | dict(
    zip(_DASHES, _DASHES, strict=True)
)
_HANGING = re.compile(r"[-/](?=[^\W\d_])")
_LABELLED = re.compile(
    r"<t[dh]\b[^<>]*>(?:<[a-z][^<>]*>|\s)*[^<>\s][^<>]{0,40}(?:</[a-z][^<>]*>|\s)*</t[dh]>\s*<td\b[^<>]*>\s*(?:<[a-z][^<>]*>\s*)*\Z",
    re.IGNORECASE,
)
"""A cell with a short text, and behind it the one that begins here: a label whose value is missing."""


def missing_value(row: Row) -> bool:
    """Whether a blank comes from what is missing, and not from a value of white space alone (VAL001)."""
    return not any(isinstance(value, str) and value and not value.strip() for value in row.values())


def is_blank(row: Row, outcome: Outcome) -> bool:
    """Whether nothing prints, for want of a value."""
    return outcome.kind is OutcomeKind.BLANK and missing_value(row)


def is_hollow(row: Row, outcome: Outcome) -> bool:
    """Whether only a filter's own signs print, for want of a value: "Hi !" of `{{ first_name|append:"!" }}`."""
    if outcome.kind is not OutcomeKind.PRINTED or not lacks_value(row, outcome):
        return False
    return not any(c.isalnum() or unicodedata.category(c) == "So" for c in outcome.text)


def lacks_value(row: Row, _outcome: Outcome) -> bool:
    """Whether somebody has nothing at all in any of the columns, whatever prints."""
    return not any(value not in (None, "") for value in row.values())


def without_value(row: Row, outcome: Outcome) -> bool:
    """As `is_blank`, for those who have nothing at all in any of the columns."""
    return (is_blank(row, outcome) or is_hollow(row, outcome)) and lacks_value(row, outcome)


def blank_for(part: PartReading, region: Region) -> Who:
    """Those who reach the region and read nothing there, without those for whom the whole part is blank."""
    who = region.who(is_blank)
    if region.expression.fallback is None:
        who = who | region.who(is_hollow)
    if part.part in WHOLE_PARTS and who != NOBODY:
        who = who & ~part.blank()
    return who


def prints_a_value(region: Region) -> bool:
    """Whether the region prints one value and could have a fallback: no loop, no tag that the platform fills."""
    expression = region.expression
    return bool(expression.columns) and not expression.effect and _can_fall_back(region)


def _can_fall_back(region: Region) -> bool:
    return bool(region.expression.fallback_place) or region.expression.fallback is not None


def is_address(region: Region) -> bool:
    """Whether it prints the address that the e-mail goes to, which nobody lacks."""
    return [column.casefold() for column in region.expression.columns] == ["email"]


def explained(mail: Mail, part: PartReading, region: Region) -> bool:
    """Whether the tag is blank for everybody because its name means nothing, which other checks say."""
    issue = issue_at(part, region.expression.span, *UNNAMED)
    return issue is not None and not (mail.has_audience and not issue.certain and has_values(mail, region))


def has_values(mail: Mail, region: Region) -> bool:
    """Whether any recipient has something in the region's columns: then the name is no invention."""
    return bool(mail.audience.columns & set(region.expression.columns))


def guarded(region: Region) -> bool:
    """Whether a condition on its own columns keeps those without a value away from it."""
    columns = set(region.expression.columns)
    return any(
        guard.wanted is not (guard.test.evaluate({}).kind is OutcomeKind.PRINTED)
        for guard in region.guards
        if columns & set(guard.test.columns)
    )


def severity_of(mail: Mail, region: Region, who: Who, severity: Severity = Severity.HIGH) -> Severity:
    """As given, but a blocker when nobody who reads it has a value."""
    reached = mail.audience.count(region.reached())
    return Severity.BLOCKER if mail.audience.count(who) == reached else severity


def default_unread(mail: Mail, region: Region) -> bool:
    """Whether the account may have a default for it that no interface tells: HubSpot's, unless the user told us."""
    return mail.platform is Platform.HUBSPOT and region.expression.fallback is None


def confidence_in(mail: Mail, part: PartReading, region: Region, who: Who | None) -> Confidence:
    """High where the hole shows in what stands around it, and the platform has no default that presend cannot read."""
    in_attribute = surface_of(mail, part, region.expression.span) is Surface.ATTRIBUTE
    if who is None or in_attribute or default_unread(mail, region):
        return Confidence.MEDIUM
    return Confidence.HIGH if leaves_a_hole(mail, part, region, who) else Confidence.MEDIUM


def leaves_a_hole(mail: Mail, part: PartReading, region: Region, who: Who) -> bool:
    """Whether a reader would see that a word is missing: "Hi ,", "sales for  in 2017", ", hello"."""
    span = region.expression.span
    for one in mail.audience.sample(who, part.columns, 1):
        rendered = part.render(mail.row(part.columns, one.cells))
        place = rendered.place(span.start, span.end)
        if place is not None:
            if not html.unescape(rendered.text[slice(*place)]).strip():
                return _is_hole(part, rendered, *place)  # a fallback of blanks is as good as none
            # A filter's own signs may stand on either side of what is missing.
            return any(_is_hole(part, rendered, at, at) for at in dict.fromkeys(place))
    return False


def _is_hole(part: PartReading, rendered: Rendered, start: int, end: int) -> bool:
    before, after = around(part, rendered.text, start, end)
    # Two values side by side read as one ("Dr. Smith", "Ann").
    beside_value = rendered.beside(start, end)
    if GREETING.search(before):
        return not (beside_value and WORD_AFTER.match(after))
    if POSSESSIVE.match(after) and (not before or before[-1].isspace()):
        return True
    if _between_signs(before, after):
        return True
    if STOP.match(after):
        return not before.strip() or before[-1].isspace()
    if not any(c.isalnum() for c in after):
        if not before.strip():
            return _LABELLED.search(rendered.text[max(0, start - NEAR) : start]) is not None
        return bool(LEADING.search(before) or before.rstrip().endswith((":", "#", "€", "$", "£")))
    if not before.strip():
        return WORD_AFTER.match(after) is not None and after.lstrip()[:1].islower()
    return not beside_value and bool(WORD_BEFORE.search(before) and WORD_AFTER.match(after))


def _between_signs(before: str, after: str) -> bool:
    """Whether two signs show that a word is gone: (), "", a dash before a dash, a hyphen or a slash without a word."""
    one, other = before.rstrip()[-1:], after.lstrip()[:1]
    if _PAIRED.get(one) == other != "" and (other not in _DASHES or (before[-1:].isspace() and after[:1].isspace())):
        return True
    return bool(_HANGING.match(after)) and (not before or before[-1].isspace())


def around(part: PartReading, text: str, start: int, end: int) -> tuple[str, str]:
    """What can be read before and after a stretch of a part's text or source, up to the edges of the block."""
    if part.part is not Part.HTML:
        return text[max(0, start - NEAR) : start].rpartition("\n")[2], text[end : end + NEAR].partition("\n")[0]
    before = visible(text[max(0, start - NEAR) : start] + "\u0001").replace("\u0001", "")
    after = visible("\u0001" + text[end : end + NEAR]).replace("\u0001", "")
    return before.rpartition(" | ")[2], after.partition(" | ")[0]


def handled_elsewhere(part: PartReading, region: Region) -> bool:
    """Whether a check of its own speaks of this tag: its fallback is none, or unreliable, or it does not parse."""
    kinds = (IssueKind.EMPTY_FALLBACK, IssueKind.UNRELIABLE, IssueKind.SYNTAX, IssueKind.BROKEN_TAG)
    return issue_at(part, region.expression.span, *kinds) is not None
