"""TAG005: a tag in another platform's language."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.tags._places import hits_of


@check("TAG005", "foreign-tag", mishaps=["M01"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def foreign_tag(mail: Mail) -> Iterator[Hit]:
    """A tag is written in another platform's language and is printed as it stands, or prints nothing.

    Why it matters
    Templates move between platforms, and every platform leaves alone what it does not know: "Hi *|FNAME|*," goes out
    from Klaviyo word for word.

    How to fix
    Replace the tag with this platform's own, as the finding shows it.

    Known limits
    HubSpot's and Klaviyo's languages look alike: a tag that is valid in both is judged by its name alone, as an
    unknown tag.
    """
    yield from hits_of(mail, IssueKind.FOREIGN_TAG)
