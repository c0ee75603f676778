"""AGE005: a car, a pet, a child or a partner named to the reader, though nobody has asked for years."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.freshness._aged import aged, in_copy, said_aloud


@check("AGE005", "stale-possession", mishaps=["M08"], severity=Severity.HIGH, needs=[Need.PARTS, Need.FACTS])
def stale_possession(mail: Mail) -> Iterator[Hit]:
    """The copy names a possession, a pet, a child or a partner to people of whom this was last known long ago.

    Why it matters
    "How is Biscuit?" about a dog that died, tyres for a car that was sold, a treat for an ex-wife: such mails are not
    ignored, they hurt, and they are remembered.

    How to fix
    Leave these people out, guard the sentence by the date, or ask them first whether it is still so.

    Known limits
    Only columns with an as-of date are judged, and only people who have one: where nobody knows how old the fact is,
    this check is silent. What a column means is told from its name or label. Such a column that only steers a condition
    or the segment is stale-fact's. One finding per column and part.
    """
    aloud = said_aloud(mail)
    for column, at, who in in_copy(mail):
        found = aged(mail, column, at, who) if column in aloud else None
        if found is not None:
            yield Hit(
                found.at,
                f"{column} ({found.role.value}) is said aloud, but {found.says}.",
                f"Leave these people out, guard the sentence by the date of {column}, or ask them first.",
                who=found.who,
                column=column,
                reason=f"{column} is too old to be said aloud",
            )
