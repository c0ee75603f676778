"""Whose inbox it is: who shares an address, which addresses belong to a task, and who is greeted by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from presend.mail import Mail
from presend.model import NAMES, Confidence, Location, Part, Role
from presend.reading import NOBODY, Fold, Who
from presend_checks._addresses import plain
from presend_checks._numbers import lacking
from presend_checks._printed import Printed, printed

GREETING = frozenset({Role.FIRST_NAME, Role.FULL_NAME})
"""Names by which a mail speaks to one person."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Recipients whose address somebody else has too."""

    who: Who
    confidence: Confidence
    fold: Fold


def shared_addresses(mail: Mail) -> list[Shared]:
    """First those whose addresses are the same for sure, then those whose addresses most likely end in one inbox."""
    if not mail.has_fact("email"):
        return []
    email = mail.fact("email")
    boxes = mail.audience.sharing((email,), Fold.MAILBOX)
    same = mail.audience.sharing((email,), Fold.CASE)
    alike = boxes & ~same
    found = [Shared(same, Confidence.HIGH, Fold.CASE), Shared(alike, Confidence.MEDIUM, Fold.MAILBOX)]
    return [one for one in found if mail.audience.count(one.who)]


MOST = 200_000
"""Of more copies than this each is not looked at: so many are one fault of an import, which another check names."""


def by_inbox(mail: Mail, shared: Shared, columns: Sequence[str]) -> dict[str, list[tuple[int, tuple[str | None, ...]]]]:
    """The copies in each inbox: their number in the audience, and their cells of some columns."""
    found = defaultdict(list)
    for batch in mail.audience.rows(shared.who, (mail.fact("email"), *columns)):
        for each in batch:
            address, *cells = each.cells
            if address:
                found[_inbox(address, shared.fold)].append((each.number, tuple(cells)))
    return found


def _inbox(cell: str, fold: Fold) -> str:
    address = plain(cell)
    if fold is Fold.CASE:
        return address
    name, _at, domain = address.partition("@")
    box = name.partition("+")[0]
    return box.replace(".", "") if domain in ("gmail.com", "googlemail.com") else f"{box}@{domain}"


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
