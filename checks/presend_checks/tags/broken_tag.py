"""TAG004: a tag of the platform's own that the platform does not see as one."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.tags._places import confidence_of, hits_of, is_mangled, issue_at


@check("TAG004", "broken-tag", mishaps=["M01"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def broken_tag(mail: Mail) -> Iterator[Hit]:
    """A tag is split by markup, re-encoded, mistyped or cut in half, so that readers see the tag itself.

    Why it matters
    Editors put formatting, entities, curly quotes and invisible characters inside tags, and half of a delimiter gets
    lost in copying. The tag looks right to the person who wrote it; everybody else reads it as it stands, or the
    platform refuses the mail.

    How to fix
    Delete the whole tag and type it again in one go, without formatting, or insert it from the editor's menu.

    Known limits
    Half a tag whose name is an ordinary word of no account's field is taken for text.
    """
    yield from hits_of(mail, IssueKind.BROKEN_TAG)
    for part, issue in mail.issues(IssueKind.SYNTAX):
        if is_mangled(issue) and not issue_at(part, issue.span, IssueKind.BROKEN_TAG, IssueKind.FOREIGN_TAG):
            yield Hit(mail.at(part, issue), issue.says, issue.fix, confidence=confidence_of(issue))
