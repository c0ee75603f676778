"""TAG014: a block for an interest group that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.tags._places import hits_of


@check("TAG014", "unknown-group", mishaps=["M03"], severity=Severity.HIGH, needs=[Need.PARTS])
def unknown_group(mail: Mail) -> Iterator[Hit]:
    """A block is meant for an interest group, or a group title, that the audience does not have.

    Why it matters
    Somebody renamed the group. The preview shows a message about it; the mail that is sent drops the block without a
    word, for everybody, and the people it was written for never know.

    How to fix
    Write the group's present title and name exactly, capitals and spaces too.

    Known limits
    Groups are known only where the account could be read; a template on disk needs them described.
    """
    yield from hits_of(mail, IssueKind.UNKNOWN_GROUP)
