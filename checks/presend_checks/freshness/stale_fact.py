"""AGE001: a fact about people that is used though it is too old for its kind."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Severity
from presend.reading import Who
from presend_checks._fields import is_street
from presend_checks.freshness._aged import aged, in_conditions, in_copy, said_aloud

NEEDS = [Need.PARTS, Need.FACTS, Need.SEGMENT]


@check("AGE001", "stale-fact", mishaps=["M08", "M10"], severity=Severity.MEDIUM, needs=NEEDS)
def stale_fact(mail: Mail) -> Iterator[Hit]:
    """A fact that the copy or the segment relies on is older, for some recipients, than facts of its kind stay true.

    Why it matters
    One in nine people moves in a year, jobs and tastes change, points are spent. "Your shop in Leeds" to somebody who
    left Leeds three years ago shows that nobody asked.

    How to fix
    Ask these people whether it is still true, guard the sentence by the date, or leave it out.

    Known limits
    Only columns with an as-of date are judged (`<field>_as_of`, HubSpot's history), against the half-life of their kind
    of fact (`[freshness]`); people without a date are not counted, nor those who confirmed their data since
    (`confirmed_at`). A date says when the value was last written, which is not always when it was last true.
    Possessions, pets, children and partners that are said aloud are stale-possession's, and streets old-address's. One
    finding per column, at the first place that uses it.
    """
    aloud = said_aloud(mail) | {column for column, _at, _who in in_copy(mail) if is_street(mail, column)}
    uses: dict[str, tuple[Location, Who]] = {}
    for column, at, who in (*in_copy(mail), *in_conditions(mail)):
        first, others = uses.get(column, (at, who))
        uses[column] = first, others | who
    for column, (at, who) in uses.items():
        found = None if column in aloud else aged(mail, column, at, who)
        if found is not None:
            yield Hit(
                found.at,
                f"{column} is relied on, but {found.says}.",
                f"Ask these people whether {column} is still true, guard the sentence by its date, or leave it out.",
                who=found.who,
                column=column,
                reason=f"{column} is too old to rely on",
            )
