"""VAL003: names in capitals, or without any."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend_checks.values._classes import Fault
from presend_checks.values._judged import judged


@check("VAL003", "shouting", mishaps=["M04"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.AUDIENCE])
def shouting(mail: Mail) -> Iterator[Hit]:
    """A name is printed in capitals throughout, or in small letters throughout.

    Why it matters
    "Hi KATHERINE," and "Hi robert," look like a merge from a till or a form, not like a letter. In a count of 14,824
    contacts 3.4 % had names in capitals and 7.5 % in small letters.

    How to fix
    Correct these values where they are kept: KATHERINE to Katherine, O'BRIEN to O'Brien, MCDONALD to McDonald, VAN DER
    BERG to van der Berg. Leave every name alone that already has both: no rule knows how its bearer writes it. A case
    filter in the template (title, capitalize) mends the greeting but breaks McDonald and van der Berg.

    Known limits
    Only Latin, Greek and Cyrillic letters are judged: other scripts have no case, or use it otherwise. Initials (AJ,
    J.R.) and regnal numbers may be capitals. What prints is judged, so a template that sets all names in capitals, or
    mends them, is left alone, and so are ffrench and ffolkes. Some people write themselves in small letters on purpose:
    such names alone have medium confidence. One finding per column and part.
    """
    for found in judged(mail, Fault.CAPITALS, Fault.LOWER):
        yield Hit(
            found.at,
            f"{found.column} is written with {found.kinds} for some recipients, and the copy prints it so.",
            f"Correct {found.column} for these recipients (KATHERINE to Katherine, O'BRIEN to O'Brien, van der berg to "
            "van der Berg); leave names alone that have both capitals and small letters.",
            who=found.who,
            confidence=Confidence.HIGH if Fault.CAPITALS in found.faults else Confidence.MEDIUM,
            column=found.column,
            reason=f"{found.column} is written with {found.kinds}",
        )
