"""CLM002: missing people who were here yesterday, or never at all."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.claims._facts import ABSENT_DAYS
from presend_checks.claims._judged import false_claims
from presend_checks.claims._phrases import About


@check(
    "CLM002",
    "false-absence",
    mishaps=["M13"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.FACTS],
    options={"absent_days": ABSENT_DAYS},
)
def false_absence(mail: Mail) -> Iterator[Hit]:
    """The copy misses its reader or welcomes them back, and some were here lately, or never came.

    Why it matters
    "We miss you" two days after an order says that nobody looked; to somebody who was never a customer it says that
    the list was bought.

    How to fix
    Leave out who ordered or did something lately, and who never was a customer.

    Known limits
    Wordings are those of a list, in English; "don't miss your …", missing people at an event, and "welcome back to the
    second part" are left alone. An order within `absent_days` (14) is held against it with high confidence, and so is
    that somebody never ordered, where others did; other activity with medium confidence, since it may be no more than
    a mail that was opened, and not at all where the last order is more than 90 days old. "You have not ordered for
    long" is held against orders alone.
    """
    yield from false_claims(
        mail,
        Severity.MEDIUM,
        "Leave out those who ordered or did something lately, and those who never were customers.",
        About.ABSENCE,
        About.UNORDERED,
        About.RETURN,
    )
