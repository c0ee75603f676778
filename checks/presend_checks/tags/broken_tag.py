"""TAG004: a tag of the platform's own that the platform does not see as one."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.tags._places import hits_of


@check("TAG004", "broken-tag", mishaps=["M01"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def broken_tag(mail: Mail) -> Iterator[Hit]:
    """A tag is split by markup, re-encoded, mistyped or cut in half, so that readers see the tag itself.

    Why it matters
    Editors put formatting, entities, curly quotes and invisible characters inside tags, and half of a delimiter gets
    lost in copying. The tag looks right to the person who wrote it; everybody else reads it as it stands.

    How to fix
    Delete the whole tag and type it again in one go, without formatting, or insert it from the editor's menu.

    Known limits
    Half a tag whose name is an ordinary word of no account's field is taken for text.
    """
    yield from hits_of(mail, IssueKind.BROKEN_TAG)
