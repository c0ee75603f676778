"""VAL006: values that were damaged on their way into the platform."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks.values._classes import Fault
from presend_checks.values._judged import judged


@check("VAL006", "garbled", mishaps=["M04"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.AUDIENCE])
def garbled(mail: Mail) -> Iterator[Hit]:
    """A printed value is damaged: "JosÃ©" for José, "Tom &amp; Jo", "<b>Ann</b>", control characters.

    Why it matters
    People notice at once when their name is broken, and it is always the same people: those with a letter that English
    does not have. Such values come from a file that was opened in the wrong encoding, or from a web page.

    How to fix
    Import these values again, the file read as UTF-8, or mend them by hand. Take markup out.

    Known limits
    Letters lost for good ("Jose", "Jos?" at the end) cannot be told from others. Garbled text is told by undoing the
    mistake: only what gives sensible text as UTF-8 read in a code page counts, which held none of 61,000 real names for
    garbled; of one code page read as another, in names, what no language writes (Pawe³, Kýlýç, but not Þahin). HTML
    in columns that are no names is left alone where the message prints it as HTML, but for a line's end or a hard blank
    at the edge of a value. One finding per column and part.
    """
    for found in judged(mail, Fault.MOJIBAKE, Fault.CONTROL, Fault.MARKUP, Fault.UNSPLIT):
        how = "its row split into columns" if found.faults == (Fault.UNSPLIT,) else "read as UTF-8"
        yield Hit(
            found.at,
            f"{found.column} holds {found.kinds} for some recipients, and the copy prints it.",
            f"Import {found.column} again for these recipients, {how}, or mend it by hand.",
            who=found.who,
            column=found.column,
            reason=f"{found.column} holds {found.kinds}",
        )
