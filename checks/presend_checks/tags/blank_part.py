"""TAG011: a subject, preview text or sender name that is blank as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import OutcomeKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Severity
from presend.reading import PartReading
from presend_checks.tags._blanks import WHOLE_PARTS, default_unread, explained

_WORDS = {part: part.value.replace("_", " ") for part in WHOLE_PARTS}


@check("TAG011", "blank-part", mishaps=["M02"], severity=Severity.HIGH, needs=[Need.PARTS])
def blank_part(mail: Mail) -> Iterator[Hit]:
    """The whole subject, preview text or sender's name is blank for some recipients.

    Why it matters
    A mail without a subject looks like spam and is filtered as such; a blank preview text makes the inbox show the
    first words of the body, often "View in browser".

    How to fix
    Put words around the tag, or give it a fallback that can stand alone.

    Known limits
    A preview text that is empty in the source is not reported: leaving it out is a choice. A part that is blank because
    its only tag does not exist is reported as unknown-tag.
    """
    for part in mail.parts:
        if part.part not in WHOLE_PARTS or part.program.fatal or not part.source.strip():
            continue
        if any(explained(mail, part, region) for region in part.regions):
            continue
        at = Location(part.part, 0, len(part.source), " ".join(part.source.split()))
        what = _WORDS[part.part]
        fix = f"Put words around the tag that make a {what} by themselves, or give it a fallback."
        if not mail.has_audience:
            if _blank_without_values(part):
                says = f"The whole {what} is blank for whoever lacks a value."
                yield Hit(at, says, fix, confidence=Confidence.MEDIUM)
            continue
        who = part.blank()
        affected = mail.audience.count(who)
        if affected:
            severity = Severity.BLOCKER if affected == mail.audience.size else Severity.HIGH
            unread = any(default_unread(mail, region) for region in part.regions)
            confidence = Confidence.MEDIUM if unread else Confidence.HIGH
            says = f"The whole {what} is blank for some recipients."
            yield Hit(at, says, fix, who=who, reads="", severity=severity, confidence=confidence)


def _blank_without_values(part: PartReading) -> bool:
    rendered = part.render({})
    return rendered.kind is OutcomeKind.PRINTED and not rendered.text.strip()
