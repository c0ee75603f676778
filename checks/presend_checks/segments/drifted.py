"""SEG007: recipients who would not be in the segment any more."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import CannotTell, Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Definition, Ground, Hit, Leaf, Location, Part, Severity
from presend.model.segment import leaves, only_definition, verdict
from presend.reading import NOBODY, Who
from presend_checks._numbers import share

_DISTINCT = 5_000
"""A field with more values than this is near to one for each person: no segment is made by naming them."""
_COMBINED = 50_000


@check(
    "SEG007",
    "drifted",
    mishaps=["M22"],
    severity=Severity.MEDIUM,
    needs=[Need.SEGMENT, Need.AUDIENCE],
    level=Level.CAMPAIGN,
)
def drifted(mail: Mail) -> Iterator[Hit]:
    """Recipients no longer meet the conditions of the segment that they are in.

    Why it matters
    The segment was worked out once, and people have moved on: who has become a gold member is asked to become one, who
    has moved away is invited to the shop around the corner.

    How to fix
    Build the segment anew, or make it one that the platform keeps up to date, and schedule the campaign again.

    Known limits
    Conditions are judged by what recipients' fields hold now: equal, not equal, set and not set; all others, and what
    people did, count as unknown and accuse nobody. Confidence is high where the platform says that it fixed the members
    once, medium elsewhere. When more than half of the recipients seem to be out, presend takes itself to read the
    conditions otherwise than the platform, and says so instead.
    """
    only = only_definition(mail.segment)
    if only is None or not mail.audience.size:
        return
    who = _out(mail, only)
    count, size = mail.audience.count(who), mail.audience.size
    if 2 * count > size:
        raise CannotTell(
            f"{share(count, size)} of the recipients do not seem to meet the conditions of {only.name}: presend does "
            "not read them as the platform does, so who has left the segment since was not judged",
            size,
        )
    if count:
        fixed = only.fixed or mail.segment.frozen_since is not None
        yield Hit(
            Location(Part.AUDIENCE, expression="drifted"),
            f"{share(count, size)} of the recipients no longer meet the conditions of {only.name}.",
            "Build the segment anew and schedule the campaign again.",
            who=who,
            confidence=Confidence.HIGH if fixed else Confidence.MEDIUM,
            reason="no longer meets the conditions of the segment",
        )


def _out(mail: Mail, definition: Definition) -> Who:
    audience = mail.audience
    asked = {leaf.column for leaf in leaves(definition.logic) if leaf.ground is Ground.FIELD}
    there = asked & audience.columns
    columns = tuple(sorted(c for c in there if not audience.exceeds(c, _DISTINCT)))
    if not columns and not there:
        return NOBODY
    if not columns or audience.distinct_count(columns) > _COMBINED:
        raise CannotTell(
            f"the conditions of {definition.name} look at fields of which nearly everybody has a value of their own, "
            "so who has left the segment since was not judged",
            audience.size,
        )
    out = []
    for one in audience.distinct(columns):
        row = mail.row(columns, one.cells)

        def holds(leaf: Leaf, row: dict[str, object] = row) -> bool | None:
            return leaf.holds(row.get(leaf.column)) if leaf.column in columns else None

        if verdict(definition.logic, holds) is False:
            out.append(one.cells)
    return audience.where(columns, out)
