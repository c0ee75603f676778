"""What a field holds, told from its name or label where its role alone does not; shared by the families of checks."""

from __future__ import annotations

import re

from presend.mail import Mail
from presend.model import Role, role_of

EVERYBODY_HAS = frozenset({Role.ADDRESS, Role.BIRTHDAY})
"""Kinds of fields in which nothing means that it is not known: everybody lives somewhere."""

_STREET = re.compile(
    r"(?:.* )?(?:address(?: ?(?:line ?)?[12])?|street(?: ?address)?"
    r"|adresse|anschrift|stra(?:ss|ß)e|rue|calle|direcci[oó]n|rua|endere[cç]o|indirizzo|adres|straat|ulica)",
    re.IGNORECASE,
)


def spaced(name: str) -> str:
    """A name as words: `delivery_zip` is `delivery zip`."""
    return " ".join(re.split(r"[\W_]+", name)).strip()


def is_street(mail: Mail, column: str) -> bool:
    """Whether a column holds the street that somebody lives in, by its name or label."""
    label = mail.labels.get(column, "")
    named = any(_STREET.fullmatch(spaced(name)) for name in (column.rpartition(".")[2], label))
    return named and role_of(column, label) is Role.ADDRESS
