"""VAL012: a family name is printed, and a newer source holds another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Role, Severity
from presend_checks.values._stated import plain, printed_against

_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "å": "a", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "'": "", "\u2019": "", "ʼ": ""}
)
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "jun", "sen", "esq"))
_DAUGHTERS = ("a", "ova", "eva", "ina", "aya", "aja", "iene", "ene")
"""Endings of a wife's or a daughter's name in Slavic and Baltic languages (Ivanov, Ivanova)."""
_LEAST = 5
"""In shorter names one letter more or less makes another name (Berg, Burg)."""
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
    `new_last_name`); no name is guessed from an e-mail address. A double name that holds the newer one is right, and so
    is the same name in another spelling (Mueller, Müller; Novák, Nováková). One finding per column and part.
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
    """Whether the newer family name is not to be found in the printed one, in this spelling or another."""
    whole, known = _letters(name), _letters(newer)
    # What stands in two scripts (Иванов, Ivanov) cannot be compared, and an initial stands for any name.
    if min(len(whole), len(known)) < 2 or whole.isascii() is not known.isascii():
        return False
    return known not in whole and not _respelt(whole, known)


def _letters(name: str) -> str:
    """A family name's letters without accents, the signs and blanks between them, and what says of which generation."""
    words = re.findall(r"[^\W\d_]+", plain(name).translate(_PLAIN))
    bare = [word for word in words if word not in _GENERATIONS] or words
    return re.sub(r"(?<=[aou])e", "", "".join(bare))


def _respelt(one: str, other: str) -> bool:
    """Whether two names are one: but for a slip of the keyboard, or for the ending that says whose wife or daughter."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and long[len(short) :] in _DAUGHTERS:
        return True
    if short[:-1] == long[:-1] and {short[-1], long[-1]} in ({"i", "a"}, {"y", "a"}, {"i", "y"}, {"y", "e"}):
        return True
    return len(short) >= _LEAST and short[0] == long[0] and _beside(short, long)


def _beside(short: str, long: str) -> bool:
    """Whether one letter more, another letter, or two letters the other way round make one of the other."""
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest, more = short[start:], long[start:]
    if len(short) < len(long):
        return more[1:] == rest
    return rest[1:] == more[1:] or (rest[2:] == more[2:] and rest[:2] == more[1::-1])
