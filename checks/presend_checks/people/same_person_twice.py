"""DUP001: two recipients with one address."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity
from presend.reading import Fold
from presend_checks.people._inboxes import shared_addresses


@check(
    "DUP001",
    "same-person-twice",
    mishaps=["M07"],
    severity=Severity.MEDIUM,
    needs=[Need.FACTS],
    level=Level.CAMPAIGN,
)
def same_person_twice(mail: Mail) -> Iterator[Hit]:
    """Two recipients have the same address: somebody gets this mail twice.

    Why it matters
    The same mail twice in one morning says that nobody looks after the list, and doubles the chance of a complaint.
    What one copy knows (a purchase, an opt-out) the other does not.

    How to fix
    Merge the copies on the platform, or leave all but one of each out.

    Known limits
    Addresses are the same whatever their case and the blanks around them. At Gmail, where dots and what follows a plus
    make no difference, such addresses are told with medium confidence: some people use them on purpose. The same person
    under two different addresses is not found. All copies are counted, not only the second ones.
    """
    for one in shared_addresses(mail):
        count = mail.audience.count(one.who)
        how = "have an address that another recipient has too"
        if one.fold is Fold.MAILBOX:
            how = "have addresses that end in one inbox at Gmail with another recipient's"
        yield Hit(
            Location(Part.AUDIENCE, expression=one.fold.value),
            f"{count} recipients {how}: the same person gets this mail more than once.",
            "Merge the copies on the platform, or leave out all but one of each.",
            who=one.who,
            confidence=one.confidence,
            column=mail.fact("email"),
            reason="another recipient has the same address",
        )
