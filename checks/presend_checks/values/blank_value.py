"""VAL001: a value of white space, which is no value to a reader and one to the fallback."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.values._classes import Fault
from presend_checks.values._judged import judged


@check("VAL001", "blank-value", mishaps=["M02"], severity=Severity.HIGH, needs=[Need.PARTS, Need.AUDIENCE])
def blank_value(mail: Mail) -> Iterator[Hit]:
    """A field holds nothing but white space for some recipients, so a blank prints although there is a fallback.

    Why it matters
    A space is a value: the fallback does not step in, and the mail opens with "Hi  ,". Such values come from
    forms that were filled with the space bar to get past "required", and from imports. Non-breaking and zero-width
    spaces look the same.

    How to fix
    Empty the field for these recipients, so that the fallback works, or leave them out of this send.

    Known limits
    Only values that are printed where they can be read are judged: one finding per column and part.
    A blank in a link is blank-link's. Values that are missing or empty are no-fallback's.
    """
    for found in judged(mail, Fault.BLANK):
        says = f"{found.column} holds nothing but white space for some recipients: a blank prints, and no fallback."
        fix = f"Empty {found.column} for these recipients, so that a fallback can step in."
        yield Hit(found.at, says, fix, who=found.who, column=found.column, reason=f"{found.column} is white space")
