"""Birthdays, years with the sender, tiers, possessions and towns: what a column says to a claim about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from presend.mail import Mail
from presend.model import Confidence, Role, role_of
from presend.reading import NOBODY, Who
from presend_checks._numbers import day, lacking
from presend_checks.claims._phrases import About
from presend_checks.claims._said import Said

NEAR = 7
"""Days around a birthday in which a mail about it comes at the right time."""
FAR = 31
"""Days off a birthday from which on it is surely none."""

TIERS = ("gold", "silver", "bronze", "platinum", "diamond", "ruby", "emerald", "sapphire", "vip", "elite", "premium")
_NUMBERS = {
    word: n
    for n, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
} | {"a": 1, "an": 1}
_TOWN = re.compile(r"(?:location\.|home |my )?(?:city|town|region|state|country)", re.IGNORECASE)
_DAY = re.compile(r"(?:\d{4}|-)-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one column says to a claim."""

    column: str
    true: Who
    false: Who
    why: str
    confidence: Confidence = Confidence.HIGH
    doubtful: Who = NOBODY
    """Of whom it is false, but less surely."""


def standing(mail: Mail, claim: Said) -> Standing | None:
    """What the facts or a column say to a claim; None where there is nothing to hold it against."""
    match claim.about:
        case About.BIRTHDAY | About.BIRTHDAY_MONTH:
            return _birthday(mail, claim.about is About.BIRTHDAY_MONTH)
        case About.YEARS:
            return _years(mail, claim.what)
        case About.TIER:
            return _tier(mail, claim.what)
        case About.OWNER:
            return _valued(mail, claim.what, _is_possession, "own")
        case About.RESIDENT:
            return _valued(mail, claim.what, _is_place, "live")
        case _:
            return None


def _is_possession(column: str, label: str) -> bool:
    return role_of(column, label) is Role.POSSESSION


def _is_place(column: str, label: str) -> bool:
    return bool(_TOWN.fullmatch(column) or _TOWN.fullmatch(label))


def _birthday(mail: Mail, month: bool) -> Standing | None:
    if not mail.has_fact("birthday"):
        return None
    column, sent = mail.fact("birthday"), mail.send_at.date()
    cells: dict[str, list[str]] = {"near": [], "doubtful": [], "far": []}
    for value, cell, _count in mail.values(column):
        found = _DAY.fullmatch(value) if isinstance(value, str) else None
        days = None if found is None else _off(int(found[1]), int(found[2]), sent)
        if found is None or days is None or not _born(value, sent):
            continue
        if month:
            near = int(found[1]) in {(sent + timedelta(days=n)).month for n in (-1, 0, 1)}
            cells["near" if near else "far"].append(cell)
        else:
            cells["near" if days <= NEAR else "doubtful" if days < FAR else "far"].append(cell)
    return Standing(
        "birthday",
        mail.with_values(column, cells["near"]),
        mail.with_values(column, cells["far"]),
        "their birthday is at another time of the year",
        doubtful=mail.with_values(column, cells["doubtful"]) if cells["doubtful"] else NOBODY,
    )


def _born(value: str, sent: date) -> bool:
    """Whether somebody with this birthday is in the world yet: a date that is to come is a mistake."""
    return value.startswith("--") or value[:10] <= sent.isoformat()


def _off(month: int, day_: int, sent: date) -> int | None:
    """How many days a birthday is away, before or after; None for a day that no year has."""
    if (month, day_) == (2, 29):
        day_ = 28
    try:
        return min(abs((date(sent.year + n, month, day_) - sent).days) for n in (-1, 0, 1))
    except ValueError:
        return None


def _years(mail: Mail, what: str) -> Standing | None:
    years = _NUMBERS.get(what.casefold(), int(what) if what.isdigit() and len(what) < 3 else 0)
    if not years or not mail.has_fact("created_at"):
        return None
    column, limit = mail.fact("created_at"), day(mail.send_at, years * 365 - 45)
    # A record can be younger than the acquaintance: people are moved from one platform to another.
    return Standing(
        "created_at",
        mail.audience.day_between(column, None, limit),
        mail.audience.day_between(column, limit, None),
        "they have not been on record for so long",
        Confidence.MEDIUM,
    )


def _tier(mail: Mail, what: str) -> Standing | None:
    def fits(column: str, label: str) -> bool:
        return role_of(column, label) is Role.MEMBERSHIP

    claimed = what.casefold()
    for column in _columns(mail, fits):
        cells: dict[bool, list[str]] = {True: [], False: []}
        for value, cell, _count in mail.values(column):
            words = set(re.findall(r"[a-z]+", str(value).casefold()))
            if words & set(TIERS):
                cells[claimed in words].append(cell)
        if cells[False] or cells[True]:
            # Where nobody has the tier that is claimed, the column may know of another scheme.
            sure = Confidence.HIGH if cells[True] else Confidence.MEDIUM
            true, false = mail.with_values(column, cells[True]), mail.with_values(column, cells[False])
            return Standing(column, true, false, f"{column} says otherwise", sure)
    return None


def _valued(mail: Mail, what: str, fits: Callable[[str, str], bool], verb: str) -> Standing | None:
    """Whether people have the thing in a column whose values prove that it is about such things."""
    wanted = _words(what)
    for column in _columns(mail, fits):
        cells: dict[bool, list[str]] = {True: [], False: []}
        for value, cell, _count in mail.values(column):
            if isinstance(value, str) and value.strip():
                cells[wanted <= _words(value)].append(cell)
        if cells[True]:
            without, _count = lacking(mail, column)
            true = mail.with_values(column, cells[True]) & ~without
            why = f"by {column} they {verb} {'another' if verb == 'own' else 'somewhere else'}"
            return Standing(column, true, mail.with_values(column, cells[False]), why)
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _columns(mail: Mail, fits: Callable[[str, str], bool]) -> Iterable[str]:
    """Columns of the recipients that mean the thing, by their names and labels."""
    labels: dict[str, Any] = dict(mail.labels)
    for column in sorted(mail.audience.columns):
        if not column.startswith("@") and fits(column, labels.get(column, "")):
            yield column
