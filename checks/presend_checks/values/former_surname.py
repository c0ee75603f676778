"""VAL012: a family name is printed, and a newer source holds another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Role, Severity
from presend_checks.values._stated import plain, printed_against

_COLUMNS = frozenset({Role.LAST_NAME, Role.FULL_NAME})


@check("VAL012", "former-surname", mishaps=["M09"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.FACTS])
def former_surname(mail: Mail) -> Iterator[Hit]:
    """The copy prints a family name to people of whom a newer source knows another.

    Why it matters
    People change their names when they marry, when they part, and when they become themselves. A mail to the former
    name reminds them of it, and may be read by others in the house.

    How to fix
    Take the newer name over after having asked, and leave the family name out of the greeting for these people.

    Known limits
    Only a newer family name that is known counts (a field `new last name`, or one mapped in `[facts]` as
    `new_last_name`); no name is guessed from an e-mail address. A double name that holds the newer one is right. One
    finding per column and part.
    """
    for found in printed_against(mail, "new_last_name", _COLUMNS, _former):
        yield Hit(
            found.at,
            f"{found.column} is printed to people of whom a newer source knows another family name.",
            f"Ask these people, correct {found.column}, and leave it out of the copy until then.",
            who=found.who,
            column=found.column,
            reason=f"{found.column} may be a former name",
        )


def _former(name: str, newer: str) -> bool:
    """Whether the newer family name is not to be found in the printed one."""
    whole, known = _words(name), _words(newer)
    return bool(known) and not any(whole[at : at + len(known)] == known for at in range(len(whole)))


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", plain(name).replace("'", "").replace("\u2019", ""))
