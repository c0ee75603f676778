"""DUP002: copies of one person that do not agree in what the copy prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presend.check import CannotTell, Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend_checks._addresses import plain
from presend_checks._printed import Printed, printed
from presend_checks.people._given import several
from presend_checks.people._inboxes import GREETING, MOST, Shared, by_inbox, shared_addresses


@check("DUP002", "conflicting-copies", mishaps=["M07"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.FACTS])
def conflicting_copies(mail: Mail) -> Iterator[Hit]:
    """Two copies of one person hold different values of a field that the copy prints.

    Why it matters
    One mail says "Hi Ann," and the other "Hi Anne,", or one speaks of Leeds and the other of York: at least one is
    wrong, and the reader sees both side by side.

    How to fix
    Merge the copies and keep what is right; the report of recipients shows them. Where both are dated, the copy that
    was changed last is more likely to be right.

    Known limits
    Copies are recipients with one address; addresses that differ by what follows a plus, or by dots at Gmail, count
    with medium confidence, since some hosts deliver them to two inboxes. Values differ when more than case and blanks
    differ; a copy without a value contradicts nothing. Only fields that can be read in the message are compared. Where
    copies are called by given names that one person would hardly go by both, they are taken for several people at one
    inbox, which household tells. One finding per column and part.
    """
    places = printed(mail)
    columns = tuple(dict.fromkeys(one.column for one in places))
    given = next((one.column for one in places if one.role in GREETING), None)
    for shared in shared_addresses(mail) if columns else ():
        count = mail.audience.count(shared.who)
        if count > MOST:
            why = f"more than {MOST} recipients share an address with another: their copies were not compared"
            raise CannotTell(why, count)
        copies = _copies(mail, shared, columns, given)
        for one in places:
            found = _conflict(mail, shared, one, copies[one.column])
            if found is not None:
                yield found


_Copies = list[list[tuple[str, int, str]]]
"""By inbox, the values of one column: folded, with the copy's number and when it was changed."""


def _copies(mail: Mail, shared: Shared, columns: tuple[str, ...], given: str | None) -> dict[str, _Copies]:
    """The copies of one person where they may differ, read once for all the columns."""
    found: dict[str, _Copies] = {column: [] for column in columns}
    called = None if given is None else columns.index(given) + 1
    for rows in by_inbox(mail, shared, (mail.fact("updated_at"), *columns)).values():
        if called is not None and several(plain(cells[called]) for _number, cells in rows):
            continue
        for at, column in enumerate(columns, 1):
            # Most copies agree to the letter, and need not be taken apart.
            if len({cells[at] for _number, cells in rows if cells[at]}) > 1:
                held = [(plain(cells[at]), number, cells[0] or "") for number, cells in rows]
                found[column].append([one for one in held if one[0]])
    return found


def _conflict(mail: Mail, shared: Shared, one: Printed, copies: _Copies) -> Hit | None:
    differ = [rows for rows in copies if len({value for value, _number, _when in rows}) > 1]
    if not differ:
        return None
    dated = sum(_dated(rows) for rows in differ)
    fresher = f", in {dated} of which the date of the last change tells which copy is fresher" if dated else ""
    return Hit(
        mail.at(*one.places[0]),
        f"Copies of one person differ in {one.column}, which is printed: {len(differ)} addresses{fresher}.",
        f"Merge the copies, keeping the right {one.column}, or leave out all but the fresher one.",
        who=mail.audience.these(number for rows in differ for _value, number, _when in rows),
        confidence=shared.confidence,
        column=one.column,
        reason=f"another copy of this person has another {one.column}",
    )


def _dated(rows: Sequence[tuple[str, int, str]]) -> bool:
    """Whether one copy was changed after all others."""
    days = sorted((when for _value, _number, when in rows), reverse=True)
    return len(days) > 1 and bool(days[0]) and days[0] != days[1]
