"""TAG017: personal data inside an HTML comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from presend.check import Need, check
from presend.dialects.base import OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Severity
from presend.reading import NOBODY, Region, Who
from presend_checks._printed import prints_as_is
from presend_checks.tags._places import called


@check("TAG017", "tag-in-comment", mishaps=["M16"], severity=Severity.LOW, needs=[Need.PARTS])
def tag_in_comment(mail: Mail) -> Iterator[Hit]:
    """A tag inside an HTML comment is filled in all the same, and its value goes out in the source.

    Why it matters
    HTML comments hide text from readers and from nobody else: whoever opens the source, or gets the mail forwarded,
    reads the value. Comments are where a block was parked that was not meant to be sent.

    How to fix
    Delete the comment, or use the template language's own comment, which is not sent.

    Known limits
    Outlook's conditional comments are content, and are read as such.
    """
    for part in mail.parts:
        for region in part.regions:
            expression = region.expression
            if not expression.columns or mail.place(part, expression.span.start).surface is not Surface.COMMENT:
                continue
            name = called(expression.columns)
            says = f"{name} is printed inside an HTML comment: nobody sees it in the mail, and everybody can read it."
            fix = "Delete it from the comment, or use a comment of the template language."
            if not mail.has_audience:
                yield Hit(mail.at(part, region), says, fix, confidence=Confidence.MEDIUM)
                continue
            who = region.of_kind(OutcomeKind.PRINTED) | _in_unknown_signs(region)
            if mail.audience.count(who):
                yield Hit(mail.at(part, region), says, fix, who=who)


def _in_unknown_signs(region: Region) -> Who:
    """Those whose value is printed, though nobody can say whether as `&` or as `&amp;`."""
    if not all(prints_as_is(region, column) for column in region.expression.columns):
        return NOBODY
    return region.who(lambda row, outcome: outcome.kind is OutcomeKind.UNKNOWN and _has_value(row))


def _has_value(row: Mapping[str, Any]) -> bool:
    return any(str(value).strip() for value in row.values() if value is not None)
