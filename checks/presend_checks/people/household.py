"""DUP003: several people of one home, each greeted as if alone."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Role, Severity, role_of
from presend.reading import NOBODY, Fold, Who
from presend_checks._fields import is_street
from presend_checks.people._inboxes import greeting


@check("DUP003", "household", mishaps=["M19"], severity=Severity.LOW, needs=[Need.PARTS, Need.FACTS])
def household(mail: Mail) -> Iterator[Hit]:
    """Several recipients share a home, and the copy speaks to each as if they lived alone.

    Why it matters
    "Your table for one", a voucher "only for you" or a new customers' price lies in the same kitchen twice, for two
    people who compare.

    How to fix
    Send one mail to a home, or say what holds for the whole household.

    Known limits
    Needs a fact `household` for a sure word; else people with one street, postcode and family name are told with medium
    confidence, where these are among the fields that the copy or the segment reads. Silent where the mail calls nobody
    by name. Two people of a home who share an inbox as well are same-person-twice's.
    """
    found = greeting(mail)
    if found is None:
        return
    how, reason, confidence = "share a household with another recipient", "is of the same household", Confidence.HIGH
    who = _stated(mail) & found.who
    if not mail.audience.count(who):
        how = "have the street, postcode and family name of another recipient"
        reason, confidence = "has the same address and family name", Confidence.MEDIUM
        who = _alike(mail) & found.who
    if count := mail.audience.count(who):
        yield Hit(
            found.at,
            f"{count} recipients {how}, and each is called by name as if alone.",
            "Send one mail to a home, or say what holds for the whole household.",
            who=who,
            confidence=confidence,
            column=found.column,
            reason=f"another recipient {reason}",
        )


def _stated(mail: Mail) -> Who:
    if not mail.has_fact("household"):
        return NOBODY
    return mail.audience.sharing((mail.fact("household"),), Fold.CASE) & ~_one_inbox(mail)


def _alike(mail: Mail) -> Who:
    if not mail.has_fact("postcode"):
        return NOBODY
    seen = sorted(column for column in mail.audience.columns if not column.startswith("@"))
    streets = [c for c in seen if is_street(mail, c)]
    names = [c for c in seen if role_of(c, mail.labels.get(c, "")) is Role.LAST_NAME]
    if not streets or not names:
        return NOBODY
    home = (streets[0], mail.fact("postcode"), names[0])
    return mail.audience.sharing(home, Fold.CASE) & ~_one_inbox(mail)


def _one_inbox(mail: Mail) -> Who:
    return mail.audience.sharing((mail.fact("email"),), Fold.CASE) if mail.has_fact("email") else NOBODY
