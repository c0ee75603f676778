"""Whose inbox it is: who shares an address, which addresses belong to a task, and who is greeted by name."""

from __future__ import annotations

from dataclasses import dataclass

from presend.mail import Mail
from presend.model import NAMES, Confidence, Location, Part, Role
from presend.reading import NOBODY, Fold, Who
from presend_checks._lexicon import entries
from presend_checks._numbers import lacking
from presend_checks._printed import Printed, printed

GREETING = frozenset({Role.FIRST_NAME, Role.FULL_NAME})
"""Names by which a mail speaks to one person."""


ROLES = entries("people", "roles")
"""Names of mailboxes that belong to a task (`info`, `sales`), in small letters."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Recipients whose address somebody else has too."""

    who: Who
    confidence: Confidence
    fold: Fold


def shared_addresses(mail: Mail) -> list[Shared]:
    """First those whose addresses are the same for sure, then those whose addresses end in one inbox at Gmail."""
    if not mail.has_fact("email"):
        return []
    email = mail.fact("email")
    same = mail.audience.sharing((email,), Fold.CASE)
    alike = mail.audience.sharing((email,), Fold.MAILBOX) & ~same
    found = [Shared(same, Confidence.HIGH, Fold.CASE), Shared(alike, Confidence.MEDIUM, Fold.MAILBOX)]
    return [one for one in found if mail.audience.count(one.who)]


@dataclass(frozen=True, slots=True)
class Greeting:
    """Where a mail first calls its reader by name, and who is called there or further on."""

    column: str
    at: Location
    who: Who


def greeting(mail: Mail) -> Greeting | None:
    """The first name that the mail prints, html before subject; None where it calls nobody by name."""
    names = sorted((one for one in printed(mail) if one.role in NAMES), key=_order)
    if not any(one.role in GREETING for one in names):
        return None
    who = NOBODY
    for one in names:
        without, _count = lacking(mail, one.column)
        for _part, region in one.places:
            who = who | (region.reached() & ~without)
    return Greeting(names[0].column, mail.at(*names[0].places[0]), who)


def _order(one: Printed) -> tuple[bool, bool]:
    return one.role not in GREETING, one.part is not Part.HTML
