"""CLM006: birthdays, tiers, points, years, possessions, towns and visits that a fact or a field contradicts."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.claims._judged import false_claims
from presend_checks.claims._phrases import About
from presend_checks.claims._said import speaks_of


@check(
    "CLM006",
    "false-standing",
    mishaps=["M14"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.FACTS],
    asks={"last_visit_at": speaks_of(About.BROWSING)},
)
def false_standing(mail: Mail) -> Iterator[Hit]:
    """The copy names a birthday, a tier, points, years, a possession or a town that some readers do not have.

    Why it matters
    "As a gold member" to a silver one promises what will not be given; a birthday wish in the wrong month shows that
    the card was printed for everybody.

    How to fix
    Send it to those for whom it is so, or put the sentence into a condition on the fact.

    Known limits
    Only what a fact or a column contradicts is false: a birthday more than a week away (high confidence from a month
    on), a tier's column that names another tier, a column of points with fewer of them, a possession's or town's column
    whose values name such things, a record that is older than "exactly two years", loyalty of somebody who never
    ordered; with medium confidence a record that is too young for the years and a last visit more than 90 days ago for
    "you viewed", since records move and visitors are not always known. Columns are told by their names and labels, and
    looked at whether or not the copy prints them; a name of the account's own ("Copper") counts where it is a value
    there. Wordings are those of a list, in English; who has no value is unknown and left alone.
    """
    yield from false_claims(
        mail,
        Severity.MEDIUM,
        "Send it to those for whom it is so, or put the sentence into a condition on the fact.",
        About.BIRTHDAY,
        About.BIRTHDAY_MONTH,
        About.YEARS,
        About.YEARS_EXACT,
        About.TIER,
        About.MEMBER,
        About.LOYAL,
        About.POINTS,
        About.OWNER,
        About.RESIDENT,
        About.BROWSING,
    )
