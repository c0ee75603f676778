"""DUP001: two recipients with one address."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Severity, role_of
from presend.reading import NOBODY, Fold, Who
from presend_checks.people._inboxes import GREETING, shared_addresses


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
    Addresses are the same whatever their case and the blanks around them. What follows a plus in an address, and dots
    at Gmail, make no difference to most hosts: such addresses are told with medium confidence, as some people use them
    on purpose. The same person under two different addresses is a guess, of low confidence: one given name, birthday
    and postcode, where the copy or the segment reads the name. All copies are counted, not only the second ones. Two
    people who share an inbox are counted too: it gets the mail twice all the same.
    """
    known = NOBODY
    for one in shared_addresses(mail):
        known = known | one.who
        how = "have an address that another recipient has too"
        if one.fold is Fold.MAILBOX:
            how = "have an address that is another recipient's but for what follows a plus, or dots at Gmail"
        yield Hit(
            Location(Part.AUDIENCE, expression=one.fold.value),
            f"{mail.audience.count(one.who)} recipients {how}: one inbox gets this mail more than once.",
            "Merge the copies on the platform, or leave out all but one of each.",
            who=one.who,
            confidence=one.confidence,
            column=mail.fact("email"),
            reason="another recipient has the same address",
        )
    alike = _born_alike(mail) & ~known
    if count := mail.audience.count(alike):
        yield Hit(
            Location(Part.AUDIENCE, expression="birthday"),
            f"{count} recipients have the given name, birthday and postcode of another one under another address: "
            "perhaps the same person.",
            "Look whether they are one person, and merge the copies.",
            who=alike,
            severity=Severity.LOW,
            confidence=Confidence.LOW,
            reason="another recipient has the same name, birthday and postcode",
        )


def _born_alike(mail: Mail) -> Who:
    names = sorted(
        column
        for column in mail.audience.columns
        if not column.startswith("@") and role_of(column, mail.labels.get(column, "")) in GREETING
    )
    if not names or not mail.has_fact("birthday") or not mail.has_fact("postcode"):
        return NOBODY
    return mail.audience.sharing((names[0], mail.fact("birthday"), mail.fact("postcode")), Fold.CASE)
