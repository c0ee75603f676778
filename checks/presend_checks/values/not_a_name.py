"""VAL004: an address, a number or a company where the name of a person belongs."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.values._classes import Fault
from presend_checks.values._judged import judged


@check("VAL004", "not-a-name", mishaps=["M04"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.AUDIENCE])
def not_a_name(mail: Mail) -> Iterator[Hit]:
    """An e-mail address, a web address, a phone number, a company or a department is printed as a person's name.

    Why it matters
    "Hi info@example.org," and "Dear Garner Fencing Ltd," happen where an import puts columns one place to the right, or
    where a form asks for one name and companies fill it in.

    How to fix
    Move the value to the field that it belongs to and empty the name, so that the fallback works.

    Known limits
    Companies are told by their legal form (Ltd, GmbH, S.A.), by "& Sons", and in a name of several words by one for a
    trade or an institution (Sunrise Dental Clinic, Bäckerei Kron, Lena's Nails, University of Riga), departments by a
    list and by words such as team; a company's bare brand is not told from a name, and neither is "Salt + Stone". Forms
    that are also names (AG, SA, Co) count in their usual spelling only, and words that are (Hall, Church, Baker) never
    alone. Two given names in one field are fine, and so is a couple's "Ann & Jo". One finding per column and part.
    """
    for found in judged(mail, Fault.EMAIL, Fault.URL, Fault.PHONE, Fault.HANDLE, Fault.COMPANY, Fault.FUNCTION):
        yield Hit(
            found.at,
            f"{found.column} holds {found.kinds} where a name belongs, and the copy prints it.",
            f"Move the value to its own field and empty {found.column} for these recipients.",
            who=found.who,
            column=found.column,
            reason=f"{found.column} holds {found.kinds}",
        )
