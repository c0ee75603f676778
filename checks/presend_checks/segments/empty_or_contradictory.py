"""SEG004: a segment in which nobody is, or in which nobody can be."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Severity
from presend.model.contradiction import impossible
from presend.model.segment import only_definition
from presend.reading import NOBODY


@check(
    "SEG004",
    "empty-or-contradictory",
    mishaps=["M22"],
    severity=Severity.MEDIUM,
    needs=[Need.SEGMENT, Need.AUDIENCE],
    level=Level.CAMPAIGN,
)
def empty_or_contradictory(mail: Mail) -> Iterator[Hit]:
    """The campaign goes to nobody, or a segment asks for what no one can meet.

    Why it matters
    The campaign is scheduled, approved and reported, and nobody gets it; or the part of the audience that it was
    written for is missing, and only the others read it.

    How to fix
    Look at the conditions that exclude each other: mostly "all of" where "any of" was meant.

    Known limits
    A contradiction is two conditions on one field that one value cannot meet: two different values, set and not set,
    above and below, a value and its denial. A field that holds several values at once may meet them; so a segment with
    recipients is never called contradictory, and one beside other lists only with medium confidence.
    """
    if all(one.kind == "unknown" for one in mail.segment.included):
        return  # a file of people, or a list of which nobody knows what it is: empty is not what somebody chose
    at = Location(Part.SEGMENT, expression="empty")
    only = only_definition(mail.segment)
    fields = [(each, field) for each in mail.segment.definitions if (field := impossible(each.logic))]
    if not mail.audience.size:
        because = f": its conditions on {fields[0][1]} exclude each other" if fields and only else ""
        aside = mail.audience.excluded + mail.audience.suppressed
        left = f" {aside} were included, and are left out or cannot be mailed." if aside else ""
        yield Hit(
            at,
            f"Nobody would get this campaign{because}.{left}",
            "Look at the conditions and exclusions of its audience, or take it off the schedule.",
            who=NOBODY,
            reason="nobody is in the audience",
        )
    elif only is None:
        for definition, field in fields:
            yield Hit(
                Location(Part.SEGMENT, expression=definition.name),
                f"The conditions of {definition.name} on {field} exclude each other: nobody is in it.",
                "Join the conditions by any instead of all, or take the segment out.",
                who=NOBODY,
                confidence=Confidence.MEDIUM,
                reason="the segment is empty",
            )
