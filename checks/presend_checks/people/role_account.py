"""DUP004: info@ and sales@, greeted as if one person read there."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend.reading import NOBODY, Who
from presend_checks._numbers import share
from presend_checks.people._inboxes import greeting
from presend_checks.people._roles import of_roles


@check("DUP004", "role-account", mishaps=["M19"], severity=Severity.LOW, needs=[Need.PARTS, Need.FACTS])
def role_account(mail: Mail) -> Iterator[Hit]:
    """A mail that calls its reader by name goes to inboxes that belong to a task: info@, sales@, office@.

    Why it matters
    Whoever opens the post that day is not the person whose name somebody once typed: "Hi Ann," reaches her successor,
    or the whole team. Mail to such inboxes also earns more complaints.

    How to fix
    Leave the name out for these recipients, or ask for a person's own address.

    Known limits
    Told from the name in front of the @ by a list, and from a fact `role_account` where the account keeps one. In a
    firm of one person info@ is that person's, hence the low severity. Nobody is told of whom no name is known, since
    they read the fallback, and nothing at all in a mail that calls nobody by name.
    """
    found = greeting(mail)
    if found is None:
        return
    who = found.who & _tasks(mail)
    count = mail.audience.count(who)
    if count:
        yield Hit(
            found.at,
            f"{share(count, mail.audience.size)} of the recipients are inboxes of a task (info@, sales@ and the like), "
            "and the copy calls them by a person's name.",
            "Leave the name out for these recipients, or ask for a person's own address.",
            who=who,
            column=found.column,
            reason="the address belongs to a task, not to a person",
        )


def _tasks(mail: Mail) -> Who:
    who = NOBODY
    if mail.has_fact("email"):
        who = of_roles(mail)
    if mail.has_fact("role_account"):
        who = who | mail.with_values(mail.fact("role_account"), ["true"])
    return who
