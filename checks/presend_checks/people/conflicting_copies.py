"""DUP002: copies of one person that do not agree in what the copy prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from presend.check import CannotTell, Need, check
from presend.mail import Mail
from presend.model import Hit, Severity
from presend.reading import Fold
from presend_checks._printed import Printed, printed
from presend_checks.people._inboxes import Shared, shared_addresses

_MOST = 200_000
"""Of more copies than this each is not looked at: so many are one fault of an import, which another check names."""


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
    Copies are recipients with one address; Gmail's dots and plus count with medium confidence, since there two first
    names are more often two people. Values differ when more than case and blanks differ; a copy without a value
    contradicts nothing. Only fields that can be read in the message are compared. One finding per column and part.
    """
    places = printed(mail)
    columns = tuple(dict.fromkeys(one.column for one in places))
    for shared in shared_addresses(mail):
        count = mail.audience.count(shared.who)
        if count > _MOST:
            why = f"more than {_MOST} recipients share an address with another: their copies were not compared"
            raise CannotTell(why, count)
        copies = _copies(mail, shared, columns) if columns else {}
        for one in places:
            found = _conflict(mail, shared, one, copies[one.column])
            if found is not None:
                yield found


_Copies = dict[str, list[tuple[str, str, str]]]
"""By inbox, the values of one column: folded, with the address's cell and when that copy was changed."""


def _copies(mail: Mail, shared: Shared, columns: tuple[str, ...]) -> dict[str, _Copies]:
    """All copies, read once for all the columns."""
    email, changed = mail.fact("email"), mail.fact("updated_at")
    found: dict[str, _Copies] = {column: defaultdict(list) for column in columns}
    for batch in mail.audience.rows(shared.who, (email, changed, *columns)):
        for each in batch:
            address, when, *held = each.cells
            inbox = _inbox(address, shared.fold) if address else ""
            for column, cell in zip(columns, held, strict=True):
                if address and (value := _plain(cell)):
                    found[column][inbox].append((value, address, when or ""))
    return found


def _conflict(mail: Mail, shared: Shared, one: Printed, copies: _Copies) -> Hit | None:
    differ = [rows for rows in copies.values() if len({value for value, _address, _when in rows}) > 1]
    if not differ:
        return None
    addresses = sorted({address for rows in differ for _value, address, _when in rows})
    who = shared.who & mail.with_values(mail.fact("email"), addresses)
    dated = sum(_dated(rows) for rows in differ)
    fresher = f", in {dated} of which the date of the last change tells which copy is fresher" if dated else ""
    return Hit(
        mail.at(*one.places[0]),
        f"Copies of one person differ in {one.column}, which is printed: {len(differ)} addresses{fresher}.",
        f"Merge the copies, keeping the right {one.column}, or leave out all but the fresher one.",
        who=who,
        confidence=shared.confidence,
        column=one.column,
        reason=f"another copy of this person has another {one.column}",
    )


def _plain(cell: str | None) -> str:
    value = Mail.row(("value",), (cell,)).get("value")
    return "" if value is None else " ".join(str(value).casefold().split())


def _inbox(cell: str, fold: Fold) -> str:
    address = _plain(cell)
    return address.partition("@")[0].partition("+")[0].replace(".", "") if fold is Fold.MAILBOX else address


def _dated(rows: Sequence[tuple[str, str, str]]) -> bool:
    """Whether one copy was changed after all others."""
    days = sorted((when for _value, _address, when in rows), reverse=True)
    return len(days) > 1 and bool(days[0]) and days[0] != days[1]
