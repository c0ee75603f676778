"""CON007: goods for adults, offered to people who are known to be too young."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from presend.check import CannotTell, Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity
from presend.reading import NOBODY, Who
from presend_checks._copy import surely
from presend_checks._countries import code_of
from presend_checks._numbers import share
from presend_checks.consent._goods import offered
from presend_checks.consent._lexicons import lines

_ADULT = 18
_OLDEST = 120
_YOUNGEST = 6
"""Nobody younger gives a birthday of their own: such a date is a mistake, as one in the future is."""
_PARTS = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML, Part.TEXT)


@check("CON007", "age-restricted", mishaps=["M26"], severity=Severity.HIGH, needs=[Need.PARTS, Need.FACTS])
def age_restricted(mail: Mail) -> Iterator[Hit]:
    """The copy offers alcohol, tobacco, gambling or other goods for adults to people who are too young for them.

    Why it matters
    Advertising such goods to minors is against the law or the trade's own code nearly everywhere.

    How to fix
    Leave out, by birthday, who is too young, and who has not told their age where the law asks to know it.

    Known limits
    Only people whose full birthday is known are judged, at the day of sending; a birthday in the future or of a small
    child is a mistake and proves nothing. Eighteen, or more where the recipient's country is known to ask for it. Where
    the copy offers such goods and nobody's age is known, that is said. Goods are told by words, in English, outside of
    links and pictures: drinks, smokes, bets, cannabis, adult goods, weapons, fireworks, what is rated 18. A word like
    "wine" needs a sentence that sells or pours it, or a second one; beside it no word may make it another thing ("wine
    rack"), and a recipe offers nothing to drink. Goods that few laws name (energy drinks, kitchen knives) are left out.
    One finding per part.
    """
    unknown = ""
    for part in mail.parts:
        if part.part not in _PARTS or part.program.fatal:
            continue
        for kind, at in offered(part):
            if not _aged(mail):
                unknown = unknown or kind
                continue
            who = surely(part, at) & _too_young(mail, kind)
            count = mail.audience.count(who) if who != NOBODY else 0
            if count:
                yield Hit(
                    Location(part.part, expression=kind),
                    f"The copy offers {_goods(kind)}, and {share(count, mail.audience.size)} of the recipients are too "
                    "young for that by the birthday they gave.",
                    "Leave them out by their birthday, or take the offer out of the copy.",
                    who=who,
                    column=mail.fact("birthday"),
                    reason=f"is too young for {_goods(kind)}",
                )
    if unknown:
        why = f"the copy offers {_goods(unknown)}, and nobody's year of birth is known, so not who is too young"
        raise CannotTell(why, mail.audience.size)


def _aged(mail: Mail) -> bool:
    """Whether any birthday tells an age: Mailchimp keeps them without the year."""
    today = mail.send_at.date()
    known = mail.values(mail.fact("birthday")) if mail.has_fact("birthday") else ()
    return any(_age(value, today) is not None for value, _cell, _count in known)


def _goods(kind: str) -> str:
    return {"adult": "adult goods", "games rated 18": "what is rated 18"}.get(kind, kind)


@cache
def _ages() -> dict[tuple[str, str], int]:
    found = (line.split("|") for line in lines("ages"))
    return {(kind, country): int(age) for kind, country, age in found}


def _too_young(mail: Mail, kind: str) -> Who:
    """Those whose birthday says that they are below the age for some goods in their country."""
    born = mail.fact("birthday")
    today = mail.send_at.date()
    ages = [(cell, years) for value, cell, _n in mail.values(born) if (years := _age(value, today)) is not None]
    young = [cell for cell, years in ages if years < _ADULT]
    who = mail.with_values(born, young) if young else NOBODY
    for limit in sorted({age for (of, _c), age in _ages().items() if of == kind}):
        cells = [cell for cell, years in ages if _ADULT <= years < limit]
        here = _in(mail, {country for (of, country), age in _ages().items() if of == kind and age == limit})
        if cells and here != NOBODY:
            who = who | (mail.with_values(born, cells) & here)
    return who


def _in(mail: Mail, countries: set[str]) -> Who:
    if not mail.has_fact("country"):
        return NOBODY
    column = mail.fact("country")
    cells = [cell for value, cell, _n in mail.values(column) if code_of(str(value)) in countries]
    return mail.with_values(column, cells) if cells else NOBODY


def _age(value: object, today: date) -> int | None:
    """Whole years between a birthday with its year and a day; None for what is none, or cannot be true."""
    try:
        born = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years if _YOUNGEST <= years <= _OLDEST else None
