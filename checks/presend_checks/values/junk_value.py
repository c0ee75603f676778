"""VAL002: a name that is none, typed to get past a form or left by an import."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import NAMES, Confidence, Hit, Severity
from presend_checks.values._classes import Fault
from presend_checks.values._judged import judged

SURE = (Fault.KEYBOARD, Fault.REPEATED, Fault.PLACEHOLDER, Fault.NOTE, Fault.NO_LETTERS, Fault.NO_DATE)


@check("VAL002", "junk-value", mishaps=["M04"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.AUDIENCE])
def junk_value(mail: Mail) -> Iterator[Hit]:
    """A name that is none is printed: "asdf", "N/A", "test", "-", or a note that staff wrote about the person.

    Why it matters
    "Hi asdf," makes a mail look like spam; "Hi do not call," and "Dear Deceased" hurt, and show the reader what was
    written about them.

    How to fix
    Empty the field for these recipients, so that the fallback works. Move notes to a field of their own.

    Known limits
    Names are judged by lists, by keys that lie side by side, and by repeated letters; never by length, by missing
    vowels or by rare pairs of letters, which would call names of half the world junk. Words that are also names (Null,
    Nan, Friend, Doe; as a family name also Test, Guest, Blank) are reported only where nothing surer is, as
    information of low confidence. Outside of name columns only what programs leave ("undefined", "#N/A", "null" in
    this very spelling, 0000-00-00) counts: a city may be called None. A slip of the keyboard ("Smiht") is not told
    from a rare name. One finding per column and part.
    """
    columns = set()
    for found in judged(mail, *SURE):
        columns.add(found.column)
        where = "where a name belongs" if found.role in NAMES else "where something about the reader belongs"
        yield Hit(
            found.at,
            f"{found.column} holds {found.kinds} {where}, and the copy prints it.",
            f"Empty {found.column} for these recipients, so that a fallback can step in; keep notes elsewhere.",
            who=found.who,
            column=found.column,
            reason=f"{found.column} holds {found.kinds}",
        )
    for found in judged(mail, Fault.DOUBTFUL):
        if found.column not in columns:
            yield Hit(
                found.at,
                f"{found.column} holds {found.kinds}.",
                f"Look at these people; empty {found.column} for those who are not called so.",
                who=found.who,
                severity=Severity.INFO,
                confidence=Confidence.LOW,
                column=found.column,
                reason=f"{found.column} may hold a placeholder",
            )
