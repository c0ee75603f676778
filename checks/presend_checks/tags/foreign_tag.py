"""TAG005: a tag in another platform's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Kind, Severity
from presend_checks.tags._places import hits_of


@check("TAG005", "foreign-tag", mishaps=["M01"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def foreign_tag(mail: Mail) -> Iterator[Hit]:
    """A tag is written in the language of another platform, mailer or server: it prints as it stands, or nothing.

    Why it matters
    Templates move between platforms, and every platform leaves alone what it does not know: "Hi *|FNAME|*," goes out
    from Klaviyo word for word.

    How to fix
    Replace the tag with this platform's own, as the finding shows it.

    Known limits
    HubSpot's and Klaviyo's languages look alike: a tag that is valid in both is judged by its name alone, as an
    unknown tag. Of other mailers and servers the tags of Smarty, Mailgun, Template Toolkit, Razor, ERB, PHP and
    AMPscript are known, and the elements of Campaign Monitor. MJML that nobody compiled is told once; with medium
    confidence of a template on disk, which may be compiled before it is sent.
    """
    for hit in hits_of(mail, IssueKind.FOREIGN_TAG):
        source = mail.kind is Kind.TEMPLATE and hit.at.expression.casefold().startswith("<mj")
        yield replace(hit, confidence=Confidence.MEDIUM) if source else hit
