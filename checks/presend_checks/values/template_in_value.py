"""VAL005: a merge tag inside somebody's data."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.values._classes import Fault
from presend_checks.values._judged import judged


@check("VAL005", "template-in-value", mishaps=["M04"], severity=Severity.HIGH, needs=[Need.PARTS, Need.AUDIENCE])
def template_in_value(mail: Mail) -> Iterator[Hit]:
    """A value that the copy prints holds a template's own syntax: "{{ first_name }}", "*|FNAME|*", "[First Name]".

    Why it matters
    The reader gets "Hi {{ first_name }},", or nothing, although the template is sound: the tag is in the data, from an
    export whose template was never filled, from a prefilled form or from somebody trying what happens.

    How to fix
    Replace the value by the real one, or empty it, for these recipients; then look where it was imported from.

    Known limits
    Where nobody can say whether the platform prints such a value or runs it, it is reported all the same: neither is
    meant. Words in single brackets count only where they name a field ([First Name], {firstname}). One finding per
    column and part.
    """
    for found in judged(mail, Fault.TEMPLATE):
        says = f"{found.column} itself holds a merge tag for some recipients, where the copy prints the value."
        fix = f"Put the real value into {found.column} for these recipients, or empty it."
        yield Hit(found.at, says, fix, who=found.who, column=found.column, reason=f"{found.column} holds a merge tag")
