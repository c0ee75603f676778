"""VAL010: somebody said how to be called, and the copy calls them otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Role, Severity
from presend_checks.values._stated import plain, printed_against

_COLUMNS = frozenset({Role.FIRST_NAME, Role.FULL_NAME})


@check("VAL010", "preferred-name-ignored", mishaps=["M09"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.FACTS])
def preferred_name_ignored(mail: Mail) -> Iterator[Hit]:
    """The copy prints a given name to people who stated another one that they want to be called by.

    Why it matters
    "Dear Barbara" to somebody who signed up as Barb is a small slight; to somebody who has left the old name behind it
    is a large one. They were asked, they answered, and the mail shows that nobody listened.

    How to fix
    Print the preferred name, with the given name as its fallback.

    Known limits
    Only a stated preferred name counts (a field of that name, or one mapped in `[facts]`), and only where it looks like
    a name. Signs and case do not count as a difference, and a full name that holds the preferred one is right. No list
    of short forms is asked: who did not state Barb is called Barbara. One finding per column and part.
    """
    for found in printed_against(mail, "preferred_name", _COLUMNS, _ignored):
        yield Hit(
            found.at,
            f"{found.column} is printed to people who stated another name to be called by.",
            f"Print the preferred name here, with {found.column} as its fallback.",
            who=found.who,
            column=found.column,
            reason=f"{found.column} is not the preferred name",
        )


def _ignored(name: str, preferred: str) -> bool:
    """Whether somebody called `name` would miss the name that they prefer."""
    return not (_words(preferred) & _words(name) or _joined(preferred) == _joined(name))


def _words(name: str) -> set[str]:
    return set(plain(name).replace("-", " ").split())


def _joined(name: str) -> str:
    return "".join(c for c in plain(name) if c.isalnum())
