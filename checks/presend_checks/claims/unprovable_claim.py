"""CLM007: something said of the reader that no fact of the account can prove."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks._copy import surely
from presend_checks.claims._facts import verdict
from presend_checks.claims._judged import WORDS, judged_by_trigger
from presend_checks.claims._phrases import About
from presend_checks.claims._said import said


@check("CLM007", "unprovable-claim", mishaps=["M14"], severity=Severity.INFO, needs=[Need.PARTS, Need.FACTS])
def unprovable_claim(mail: Mail) -> Iterator[Hit]:
    """The copy says something of its reader, and the account has no fact that could prove it.

    Why it matters
    Nobody can check it before the send, so somebody should know that it is so for everybody who gets it.

    How to fix
    Say it only to people chosen by something that proves it, or map the field that does under `[facts.<account>]`.

    Known limits
    Worth knowing, no more: it may be true of everybody. One finding per part and kind of claim. Things left in a
    basket, family, coming home, and what the reader did, told or has under way are never provable, since presend knows
    no fact for them; "you viewed" is, where visits are known.
    """
    seen = set()
    for claim in () if judged_by_trigger(mail) else said(mail, *About):
        if claim.bound or (claim.part.part, claim.about) in seen or verdict(mail, claim).facts:
            continue
        seen.add((claim.part.part, claim.about))
        yield Hit(
            mail.at(claim.part, claim.span),
            f'"{claim.words}" says that the reader {WORDS[claim.about]}, and no fact of this account can prove it.',
            "Make sure by whom you send it to, or name the field that proves it under [facts.<account>].",
            who=surely(claim.part, claim.span.start),
            reason=f'is told "{claim.words}", which nothing can prove',
        )
