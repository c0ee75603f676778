"""CLM001: thanks for an order that was never made."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.claims._facts import RECENT_DAYS
from presend_checks.claims._judged import false_claims
from presend_checks.claims._phrases import About


@check(
    "CLM001",
    "false-purchase",
    mishaps=["M11"],
    severity=Severity.HIGH,
    needs=[Need.PARTS, Need.FACTS],
    options={"recent_days": RECENT_DAYS},
)
def false_purchase(mail: Mail) -> Iterator[Hit]:
    """The copy speaks of the reader's purchase, and some who read it bought nothing, or nothing lately.

    Why it matters
    "Your recent purchase" to somebody who bought nothing reads like fraud: people look for a charge on their card, and
    write to ask.

    How to fix
    Send it to those who have an order, or put the sentence into a condition on the order.

    Known limits
    Wordings are those of a list, in English; conditions ("if you bought"), open questions, quotations, titles, terms
    and denials are left alone; "how was your purchase?" takes it for granted. Only those who get to the sentence are
    judged. With orders known for nobody here the confidence is medium; of whom no order is known, where others' are, is
    worth knowing and no more, and where the account has no orders at all, unprovable-claim says so. "Recent" is
    `recent_days` (90); an older last order is of medium severity and confidence. Mail of automations is not judged,
    since the order may be what sets it off.
    """
    yield from false_claims(
        mail,
        Severity.HIGH,
        "Send it only to people with such an order, or put the sentence into a condition on the order.",
        About.PURCHASE,
        About.RECENT,
    )
