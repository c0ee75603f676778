"""SEG005: far more people than this account ever writes to, or far fewer."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Hit, Location, Part, Severity


@check(
    "SEG005",
    "unusual-size",
    mishaps=["M22"],
    severity=Severity.MEDIUM,
    needs=[Need.RECORD, Need.AUDIENCE],
    level=Level.CAMPAIGN,
    options={"earlier": 8, "times": 3.0},
)
def unusual_size(mail: Mail) -> Iterator[Hit]:
    """The audience is far larger, or far smaller, than any that this account has written to.

    Why it matters
    A campaign for two hundred that goes to two hundred thousand had a condition too few, or "or" instead of "and". One
    for a hundredth of the usual had one too many.

    How to fix
    Look at the segment's conditions and at the list that was chosen; if the number is meant, accept the finding.

    Known limits
    Learnt from the sizes that presend remembers of the account's other campaigns (`presend scan --apply` keeps them):
    silent until there are `earlier` (8) of them. Larger than `times` (3) the largest of them is low, and medium from
    ten times the middle one on; smaller than a third of the smallest and a tenth of the middle one is low: a small
    choice of people is more often meant than a large one. An account that has just brought in new lists gets one
    finding, once.
    """
    sizes, size = mail.record.sizes, mail.audience.size
    if len(sizes) < mail.options["earlier"] or not size:
        return
    times, usual = mail.options["times"], median(sizes)
    at = Location(Part.AUDIENCE, expression="size")
    band = f"the {len(sizes)} other campaigns that presend has seen went to {min(sizes)} to {max(sizes)}"
    if size > times * max(sizes):
        yield Hit(
            at,
            f"It would go to {size} recipients; {band}.",
            "Look at the segment's conditions and at the list that was chosen.",
            severity=Severity.MEDIUM if size >= 10 * usual else Severity.LOW,
            reason="is in an audience of unusual size",
        )
    elif times * size < min(sizes) and 10 * size <= usual:
        yield Hit(
            at,
            f"It would go to {size} recipients only; {band}.",
            "Look for a condition too many in the segment.",
            severity=Severity.LOW,
            reason="is in an audience of unusual size",
        )
