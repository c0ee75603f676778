"""DUP005: one person in two accounts, under two names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from presend.check import Need, check
from presend.mail import Mail, Neighbour
from presend.model import Confidence, Hit, Role, Severity, role_of
from presend.reading import Pair, Who, anybody
from presend_checks._fields import spaced
from presend_checks._numbers import share
from presend_checks._printed import Printed, printed
from presend_checks.people._given import are_one

_COMPARED = frozenset({Role.FIRST_NAME, Role.LAST_NAME, Role.FULL_NAME, Role.COMPANY})
"""What people write one way whatever the platform; dates, places and numbers have a format of each platform's own."""

_NO_NAMES = frozenset(("na", "none", "null", "unknown", "test", "there", "friend", "customer", "guest", "x"))
"""What stands in for a name and is none: of such a copy nobody can say that it is right."""
_UMLAUT = re.compile("([aou])e")
_ASKED_FOR = re.compile(
    r"(?:nick|preferred|called|short) ?name|preferred$|go(?:es|ing)? by|known as|call (?:me|you)|rufname|spitzname"
    r"|surnom|apodo|soprannome",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Conflict:
    """Recipients whose copies in one other account differ in one column."""

    fresher: list[Who] = field(default_factory=list)
    """Those whose copy there is the fresher one."""
    unclear: list[Who] = field(default_factory=list)


@check(
    "DUP005",
    "across-platforms",
    mishaps=["M07"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.AUDIENCE, Need.NEIGHBOURS],
)
def across_platforms(mail: Mail) -> Iterator[Hit]:
    """A recipient is also written to from another account, which holds another name of theirs, and a fresher one.

    Why it matters
    "Hi Ann," from the shop and "Hi Anna," from the CRM in one week: one of the two is wrong, and only side by side can
    anybody see it. Most often one account learnt of a new name, and the others never did.

    How to fix
    Take the fresher copy over; the report of recipients shows who they are. Then let one system lead, and the others
    follow.

    Known limits
    People are the same who have the same address, whatever its case, among the recipients of what is due in two
    accounts. Names and companies are compared where both mails use them: what only one of them prints is not read for
    the other. Case, accents and signs make no difference, nor does one name that is the beginning of the other ("Alex",
    "Alexander"), an initial or a short form that many use ("Bob", "Robert"). The name that people ask to be called by
    is held against such names alone, not against the given name elsewhere. Where this account's copy changed last,
    nothing is said here but there; where the dates do not tell, confidence is medium. A date is that of the field where
    it has one, else of the last change of anything in the record. A couple with one inbox looks like one person with
    two names.
    """
    columns = {one.column: one for one in reversed(printed(mail)) if one.role in _COMPARED}
    if not columns:
        return
    found: dict[tuple[str, str], _Conflict] = {}
    for other in mail.neighbours:
        if other.ref.account == mail.account:
            continue
        for one in columns.values():
            asked_for = _is_asked_for(mail, one.column)
            _compare(other, one, asked_for, found.setdefault((one.column, other.ref.account), _Conflict()))
    for (column, account), conflict in found.items():
        yield from _hits(mail, columns[column], account, conflict)


def _compare(other: Neighbour, one: Printed, asked_for: bool, conflict: _Conflict) -> None:
    for theirs in sorted(_same_role(other, one.role)):
        if _is_asked_for(other.mails[0], theirs) is not asked_for:
            continue
        pairs = [pair for pair in other.between.differing(one.column, theirs) if _differ(pair)]
        if not pairs:
            continue
        conflict.fresher.append(other.between.where(one.column, theirs, [p for p in pairs if p.fresher == -1]))
        conflict.unclear.append(other.between.where(one.column, theirs, [p for p in pairs if p.fresher is None]))


def _same_role(other: Neighbour, role: Role) -> set[str]:
    """The columns of the other campaign's people that hold what is printed here."""
    mail = other.mails[0]
    seen = (column for column in mail.audience.columns if not column.startswith("@"))
    return {column for column in seen if role_of(column, mail.labels.get(column, "")) is role}


def _is_asked_for(mail: Mail, column: str) -> bool:
    """Whether a column holds the name that people ask to be called by: it contradicts no name on record."""
    return any(_ASKED_FOR.search(name) for name in (spaced(column), mail.labels.get(column, "")))


def _differ(pair: Pair) -> bool:
    """Whether two texts are two names: not the same words, and neither the beginning nor a short form of the other."""
    mine, theirs = _words(pair.mine), _words(pair.theirs)
    short, long = sorted(("".join(mine), "".join(theirs)), key=len)
    if not short or {short, long} & _NO_NAMES or sorted(mine) == sorted(theirs):
        return False
    return not (long.startswith(short) or are_one(mine[0], theirs[0]))


def _words(cell: str) -> list[str]:
    """The words of a cell in plain letters, an umlaut and its two letters alike; none of what is no text."""
    value = Mail.row(("value",), (cell,))["value"]
    text = unicodedata.normalize("NFKD", value).casefold() if isinstance(value, str) else ""
    plain = "".join(letter for letter in text if letter.isalnum() or letter.isspace())
    return _UMLAUT.sub(r"\1", plain).split()


def _hits(mail: Mail, one: Printed, account: str, conflict: _Conflict) -> Iterator[Hit]:
    fresher = anybody(conflict.fresher)
    for who, confidence, what in (
        (fresher, Confidence.HIGH, "and the copy there changed last"),
        (anybody(conflict.unclear) & ~fresher, Confidence.MEDIUM, "and which copy is fresher the dates do not tell"),
    ):
        count = mail.audience.count(who)
        if count:
            at = mail.at(*one.places[0])
            expression = f"{one.column} in {account}{'' if confidence is Confidence.HIGH else ', undated'}"
            yield Hit(
                replace(at, expression=expression),
                f"{share(count, mail.audience.size)} of the recipients are also written to from {account}, which holds "
                f"another {one.column} of theirs, {what}.",
                f"Take the {one.column} of the fresher copy over, and let one account lead.",
                who=who,
                confidence=confidence,
                column=one.column,
                reason=f"{account} holds another {one.column}",
            )
