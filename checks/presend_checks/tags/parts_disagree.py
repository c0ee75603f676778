"""TAG016: the HTML and the plain-text part use different fields."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import NAMES, Confidence, Hit, Part, Role, Severity, role_of
from presend.reading import NOBODY, PartReading, Region
from presend_checks.tags._blanks import explained, prints_a_value
from presend_checks.tags._places import readers


@check("TAG016", "parts-disagree", mishaps=["M01"], severity=Severity.MEDIUM, needs=[Need.PARTS])
def parts_disagree(mail: Mail) -> Iterator[Hit]:
    """The plain-text part is personalised with another field than the HTML part.

    Why it matters
    The text part is written once and forgotten: it keeps the tags of an earlier version. Watches, screen readers and
    some companies' mail show the text part, and nobody previews it.

    How to fix
    Make the text part anew from the HTML part, or correct the tag.

    Known limits
    A text part with fewer tags than the HTML part is normal and silent. A field that stands in the text part only, with
    nothing like it in the HTML part, has low confidence. Unknown and foreign tags are reported by their own checks.
    """
    parts = {part.part: part for part in mail.parts}
    html, text = parts.get(Part.HTML), parts.get(Part.TEXT)
    if html is None or text is None or html.program.fatal or text.program.fatal:
        return
    shown, written = _fields(mail, html), _fields(mail, text)
    in_html, in_text = set(html.columns), set(text.columns)
    if not shown:
        return
    instead = {_sort(mail, column) for column in shown if column not in in_text}
    for column, region in written.items():
        if column in in_html or _sort(mail, column) == Role.EMAIL.value:
            continue
        who, _sure = readers(mail, text, region.expression.span.start)
        if who == NOBODY:
            continue
        sort = _sort(mail, column)
        alike = sort != Role.OTHER.value and sort in instead
        yield Hit(
            mail.at(text, region),
            f"The plain-text part prints {column}, which the HTML part does not"
            + (": it has another field for the same thing." if alike else "."),
            "Make the plain-text part anew from the HTML part, or correct the tag.",
            who=who,
            confidence=Confidence.MEDIUM if alike else Confidence.LOW,
        )


def _fields(mail: Mail, part: PartReading) -> dict[str, Region]:
    """The first region that prints each column, leaving out tags that mean nothing."""
    found: dict[str, Region] = {}
    for region in part.regions:
        if prints_a_value(region) and not explained(mail, part, region):
            for column in region.expression.columns:
                found.setdefault(column, region)
    return found


def _sort(mail: Mail, column: str) -> str:
    """What the column is about; all names of a person count as one thing."""
    role = role_of(column, mail.labels.get(column, ""))
    return "name" if role in NAMES else role.value
