"""Names in front of the @: coarsely asked of the audience, then judged one by one; shared by the families of checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from presend.mail import Mail
from presend.reading import Listed, Who

_SIGNS = re.compile(r"[._-]+")
_LONGEST = 64
"""Letters that the name of a mailbox has at most (RFC 5321, 4.5.3.1.1)."""


def plain(cell: str | None) -> str:
    """A cell as people read it: small letters, single blanks; empty for no value."""
    if cell is not None and cell.startswith('"') and "\\" not in cell:
        return " ".join(cell[1:-1].casefold().split())  # text without an escape stands in its cell as it is
    value = Mail.row(("value",), (cell,)).get("value")
    return "" if value is None else " ".join(str(value).casefold().split())


def name_of(cell: str) -> str:
    """What stands in front of the @ of an address's cell, in small letters and with what follows a plus."""
    return plain(cell).partition("@")[0]


def domain_of(cell: str) -> str:
    """What stands behind the @ of an address's cell, in small letters."""
    return plain(cell).rpartition("@")[2]


def words_of(name: str) -> list[str]:
    """The words of a name without a plus and what follows it, and without the digits beside them."""
    words = (word.strip("0123456789") for word in _SIGNS.split(name.partition("+")[0]))
    return [word for word in words if word]


def halves(word: str) -> Iterator[tuple[str, str]]:
    """A word cut in two, at each letter; nothing for what is longer than any mailbox's name."""
    return ((word[:at], word[at:]) for at in range(1, len(word))) if len(word) <= _LONGEST else iter(())


def chosen(words: Iterable[str]) -> str:
    """Any one of some words, as the audience is asked for names."""
    return f"({'|'.join(words)})"


_LISTS: list[Callable[[Mail], Listed]] = []
"""Every list of addresses that a check asks for."""


def on_list_of(build: Callable[[Mail], Listed]) -> Callable[[Mail], Who]:
    """Makes a mail's list of addresses the question who of its recipients is on it.

    To look at everybody's address costs more than to compare it with all of the lists: they are looked for at once.
    """
    _LISTS.append(build)

    def who(mail: Mail) -> Who:
        return mail.audience.addressed(mail.fact("email"), build(mail), [each(mail) for each in _LISTS])

    return who


def on_list(build: Callable[[], Listed]) -> Callable[[Mail], Who]:
    """As `on_list_of`, for a list that is the same for every mail."""
    made = cache(build)
    return on_list_of(lambda _mail: made())


def judged(
    mail: Mail, who: Who, columns: Sequence[str], judge: Callable[[str, Sequence[str]], bool | None]
) -> tuple[Who, Who]:
    """Of some recipients those of whose address, with their values in some columns, one is sure, and those who may be.

    `judge` gets what stands in the address's cell and the plain values, and says True, False for perhaps, or None.
    """
    email, found = mail.fact("email"), {True: set[int](), False: set[int]()}
    for batch in mail.audience.rows(who, (email, *columns)) if mail.audience.count(who) else ():
        for each in batch:
            address, *cells = each.cells
            said = judge(address, [plain(cell) for cell in cells]) if address else None
            if said is not None:
                found[said].add(each.number)
    return mail.audience.these(found[True]), mail.audience.these(found[False])
