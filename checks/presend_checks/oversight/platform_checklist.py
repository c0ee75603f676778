"""OPS001: what the platform itself says is not ready."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Gap, Hit, ItemState, Location, Part, Severity


@check(
    "OPS001",
    "platform-checklist",
    mishaps=["M24"],
    severity=Severity.BLOCKER,
    needs=[Need.CHECKLIST],
    level=Level.CAMPAIGN,
)
def platform_checklist(mail: Mail) -> Iterator[Hit]:
    """The platform's own pre-send checklist has an item that is not in order.

    Why it matters
    An error there means that the platform will not send, or only in part: an unverified domain, no recipients, a
    variant without content. Nobody looks at the list again once a campaign is scheduled.

    How to fix
    Open the campaign in the platform; its checklist leads to the place.

    Known limits
    The words are the platform's. Errors are blockers; warnings do not keep it from going and are low. Only Mailchimp
    has such a list for others to read. Whether the list could be read at all is said of the campaign, not here.
    """
    items = () if isinstance(mail.checklist, Gap) else mail.checklist
    for item in items:
        if item.state is ItemState.OK:
            continue
        is_error = item.state is ItemState.ERROR
        yield Hit(
            Location(Part.CAMPAIGN, expression=item.heading),
            f"The platform's checklist has {'an error' if is_error else 'a warning'}: {item.heading}.",
            "Open the campaign's checklist in the platform and put this item in order.",
            severity=Severity.BLOCKER if is_error else Severity.LOW,
        )
