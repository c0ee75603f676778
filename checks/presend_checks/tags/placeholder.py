"""TAG006: a placeholder that nobody replaced."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.tags._places import hits_of


@check("TAG006", "placeholder", mishaps=["M01"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def placeholder(mail: Mail) -> Iterator[Hit]:
    """A placeholder such as [FIRST_NAME], %%FNAME%% or [[MISSING TOKEN]] was left in.

    Why it matters
    Copy is drafted outside the platform with a stand-in for the name. No platform knows these, so everybody reads
    "Dear [FIRST_NAME]".

    How to fix
    Write the platform's tag, which the finding shows where it is known, or the real words.

    Known limits
    Brackets around an ordinary word ("[Update]", "{brand}") are left alone; only words that stand for something about
    the reader, or for text to come, count.
    """
    yield from hits_of(mail, IssueKind.PLACEHOLDER)
