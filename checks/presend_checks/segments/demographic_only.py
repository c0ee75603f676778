"""SEG002: a segment by age or gender alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Ground, Hit, Location, Part, Severity
from presend.model.segment import leaves

_WORDS = re.compile(
    r"(?:predicted )?(?:gender|sex|age|age (?:group|range|band|bracket)|year of birth|birth year|geschlecht|alter"
    r"|sexe|sexo|g[eé]nero|genere|sesso|geslacht|leeftijd|edad|idade|âge|cinsiyet|yaş)"
)


@check(
    "SEG002",
    "demographic-only",
    mishaps=["M21"],
    severity=Severity.LOW,
    needs=[Need.SEGMENT, Need.AUDIENCE],
    level=Level.CAMPAIGN,
)
def demographic_only(mail: Mail) -> Iterator[Hit]:
    """The segment asks for nothing but age or gender.

    Why it matters
    "Women over forty" is not an interest. Who is chosen by what they are, and not by what they did or asked for, gets
    what a cliché of them would like, and the people whose gender was guessed from a name get another's.

    How to fix
    Add what people did or said: a topic they chose, a purchase, a visit.

    Known limits
    Every condition of every included segment must be shown by the platform and be about gender or age, told from the
    field's name or label. Beside them stands at most what is neither a field nor a deed nor a group: mostly consent,
    which presend cannot tell from a sample, so that confidence is low. A segment by a date of birth is left alone: it
    may be for a birthday. Nothing is said where a list or a tag is included as well.
    """
    ref = mail.segment
    if not ref.definitions or len(ref.definitions) != len(ref.included):
        return
    found = [leaf for each in ref.definitions for leaf in leaves(each.logic)]
    fields = [leaf for leaf in found if leaf.ground is not Ground.OTHER]
    if not fields or any(leaf.ground is not Ground.FIELD or not _demographic(mail, leaf.column) for leaf in fields):
        return
    columns = " and ".join(dict.fromkeys(leaf.column for leaf in fields))
    yield Hit(
        Location(Part.SEGMENT, expression="demographic"),
        f"The segment is made of {columns} alone: {mail.audience.size} recipients were chosen by what they are, and by "
        "nothing that they did or asked for.",
        "Add a condition on what people did or asked for.",
        confidence=Confidence.HIGH if len(fields) == len(found) else Confidence.LOW,
        reason="was chosen by age or gender alone",
    )


def _demographic(mail: Mail, column: str) -> bool:
    for name in (column, mail.labels.get(column, "")):
        if _WORDS.fullmatch(" ".join(re.split(r"[\W_]+", name)).strip().casefold()):
            return True
    return False
