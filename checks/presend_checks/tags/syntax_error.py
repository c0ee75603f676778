"""TAG001: template syntax that makes the platform refuse the message, or skip people."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Hit, Severity
from presend.reading import NOBODY
from presend_checks.tags._places import confidence_of, is_mangled, issue_at, readers, skips_at_send


@check("TAG001", "syntax-error", mishaps=["M03"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def syntax_error(mail: Mail) -> Iterator[Hit]:
    """The template's syntax is broken: the platform refuses the message, or skips people at send.

    Why it matters
    An unclosed condition or a filter that does not exist shows as an error in the editor's preview only, and not in
    every editor. At send, Klaviyo skips every recipient with "Email syntax error", HubSpot does not publish, and
    Mailchimp swallows the rest of the mail or prints the control tags.

    How to fix
    Put the tag right as the finding says, preview with a real profile, and scan again: one error can hide the next.

    Known limits
    A tag in which markup, entities or another platform's words stand is reported as broken-tag or foreign-tag alone;
    one that parses, and fails for each recipient when it is filled in, as recipients-skipped.
    """
    for part, issue in mail.issues(IssueKind.SYNTAX):
        if is_mangled(issue) or issue_at(part, issue.span, IssueKind.BROKEN_TAG, IssueKind.FOREIGN_TAG):
            continue
        if skips_at_send(part, issue):
            continue
        # A part that is refused as a whole reaches nobody, whatever conditions stand in front of the fault.
        who, sure = (None, True) if part.program.fatal else readers(mail, part, issue.span.start)
        if who != NOBODY:
            yield Hit(mail.at(part, issue), issue.says, issue.fix, who=who, confidence=confidence_of(issue, sure=sure))
