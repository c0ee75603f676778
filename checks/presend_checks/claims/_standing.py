"""Birthdays, years with the sender, tiers, points, possessions and towns: what a column says to a claim about them."""

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
_COUNTED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: n for n, word in enumerate(_COUNTED)} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20}
_NUMBERS |= {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "tenth": 10}
_TOWN = re.compile(r"(?:location\.|home |my )?(?:city|town|region|state|country)", re.IGNORECASE)
_POINTS = re.compile(r"points?", re.IGNORECASE)
_OFF_THE_DAY = 90
"""Days by which somebody came earlier than "just so many years ago" before it is false."""
_ABOUT_THE_DAY = 45
_ON_RECORD = re.compile(r"\b(?:with us|joined|signed up|subscribed|registered|reading us|on board)\b", re.IGNORECASE)
"""Ways to be here that begin with being on record, as being a customer does not."""
_AT_LEAST = re.compile(r"\b(?:over|more than|at least)\b", re.IGNORECASE)
_NO_MEMBER = frozenset(
    ["none", "no", "non-member", "nonmember", "expired", "lapsed", "cancelled", "canceled", "former", "inactive", "0"]
)
"""What stands in a column of memberships for those who have none."""
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d+)?")
_WORD = re.compile(r"\w+")
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
    doubt: str = ""
    """Why, where it is for another reason."""


def standing(mail: Mail, claim: Said) -> Standing | None:
    """What the facts or a column say to a claim; None where there is nothing to hold it against."""
    match claim.about:
        case About.BIRTHDAY | About.BIRTHDAY_MONTH:
            return _birthday(mail, claim.about is About.BIRTHDAY_MONTH)
        case About.YEARS:
            return _years(mail, claim)
        case About.YEARS_EXACT:
            return _years_exact(mail, claim.what)
        case About.TIER:
            return _tier(mail, claim)
        case About.MEMBER:
            return _member(mail)
        case About.POINTS:
            return _points(mail, claim.what)
        case About.OWNER:
            return _valued(mail, claim, _is_possession, "own")
        case About.RESIDENT:
            return _valued(mail, claim, _is_place, "live")
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


def _number(what: str) -> int:
    return _NUMBERS.get(what.casefold(), int(what) if what.isdigit() and len(what) < 3 else 0)


def _years(mail: Mail, claim: Said) -> Standing | None:
    if not mail.has_fact("created_at"):
        return None
    what, column = claim.what, mail.fact("created_at")
    calendar = int(what) if what.isdigit() and len(what) == 4 else 0
    years = _number(what)
    if not calendar and not years:
        return None
    limit = f"{calendar + 1}-01-01" if calendar else day(mail.send_at, years * 365 - _ABOUT_THE_DAY)
    early = f"{calendar - 1}-10-01" if calendar else day(mail.send_at, round((years + 1) * 365.25) + _OFF_THE_DAY)
    before = NOBODY
    if _ON_RECORD.search(claim.words) and not _AT_LEAST.search(claim.words):
        before = mail.audience.day_between(column, None, early)
        if mail.has_fact("consent_at"):
            # Who was known before may have signed up later, and that is meant.
            before = before & ~mail.audience.day_between(mail.fact("consent_at"), early, None)
    # A record can be younger than the acquaintance: people are moved from one platform to another.
    return Standing(
        "created_at",
        mail.audience.day_between(column, None, limit) & ~before,
        before,
        "they have been on record for longer than that",
        doubtful=mail.audience.day_between(column, limit, None),
        doubt="they have not been on record for so long",
    )


def _years_exact(mail: Mail, what: str) -> Standing | None:
    """So many years to the day; nobody can have come first after having been on record."""
    years = _number(what)
    if not years or not mail.has_fact("created_at"):
        return None
    column, days = mail.fact("created_at"), round(years * 365.25)
    early, late = day(mail.send_at, days + _OFF_THE_DAY), day(mail.send_at, days - _ABOUT_THE_DAY)
    before = mail.audience.day_between(column, None, early)
    if mail.has_fact("consent_at"):
        # Who bought before may have subscribed on that very day.
        agreed = day(mail.send_at, days + _ABOUT_THE_DAY), late
        before = before & ~mail.audience.day_between(mail.fact("consent_at"), *agreed)
    return Standing(
        "created_at",
        mail.audience.day_between(column, early, late),
        before,
        "they have been on record for longer than that",
        doubtful=mail.audience.day_between(column, late, None),
        doubt="they have not been on record for so long",
    )


def _tier(mail: Mail, claim: Said) -> Standing | None:
    def fits(column: str, label: str) -> bool:
        return role_of(column, label) is Role.MEMBERSHIP

    claimed = _words(claim.what)
    for column in _columns(mail, fits):
        cells: dict[bool, list[str]] = {True: [], False: []}
        others: list[str] = []
        for value, cell, _count in mail.values(column):
            words = _words(value) if isinstance(value, str) else frozenset()
            if words and claimed <= words:
                cells[True].append(cell)
            elif words:
                (cells[False] if words & set(TIERS) else others).append(cell)
        if cells[True]:
            # A column that has the tier is about such tiers, whatever the others are called.
            true, false = mail.with_values(column, cells[True]), mail.with_values(column, cells[False] + others)
            return Standing(column, true, false, f"{column} says otherwise")
        if cells[False] and not claim.bound:
            # Where nobody has the tier that is claimed, the column may know of another scheme.
            false = mail.with_values(column, cells[False])
            return Standing(column, NOBODY, false, f"{column} says otherwise", Confidence.MEDIUM)
    return None


def _member(mail: Mail) -> Standing | None:
    """Whether people have any membership, in a column that tells who has none as well."""

    def fits(column: str, label: str) -> bool:
        return role_of(column, label) is Role.MEMBERSHIP

    for column in _columns(mail, fits):
        cells: dict[bool, list[str]] = {True: [], False: []}
        for value, cell, _count in mail.values(column):
            text = str(value).strip().casefold()
            if value is not None and text:
                cells[text not in _NO_MEMBER].append(cell)
        if cells[True]:
            true, false = mail.with_values(column, cells[True]), mail.with_values(column, cells[False])
            return Standing(column, true, false, f"{column} says otherwise")
    return None


def _points(mail: Mail, what: str) -> Standing | None:
    def fits(column: str, label: str) -> bool:
        return role_of(column, label) is Role.BALANCE and any(map(_POINTS.search, (column, label)))

    claimed = int(re.sub(r"\D", "", what) or 1)
    for column in _columns(mail, fits):
        cells: dict[bool, list[str]] = {True: [], False: []}
        for value, cell, _count in mail.values(column):
            held = _amount(value)
            if held is not None:
                cells[held >= claimed].append(cell)
        if cells[True] or cells[False]:
            true, false = mail.with_values(column, cells[True]), mail.with_values(column, cells[False])
            # Where nobody has as many, the column may count something else.
            sure = Confidence.HIGH if cells[True] else Confidence.MEDIUM
            return Standing(column, true, false, f"by {column} they have fewer points", sure)
    return None


def _amount(value: Any) -> float | None:
    """A count that is stored as a number, or as digits; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = value.strip() if isinstance(value, str) else ""
    return float(text.replace(",", "")) if _COUNT.fullmatch(text) else None


def _valued(mail: Mail, claim: Said, fits: Callable[[str, str], bool], verb: str) -> Standing | None:
    """Whether people have the thing in a column whose values prove that it is about such things."""
    wanted, order = _words(claim.what), _WORD.findall(claim.what.casefold())
    for column in _columns(mail, fits):
        cells: dict[bool, list[str]] = {True: [], False: []}
        named = not claim.bound
        for value, cell, _count in mail.values(column):
            if isinstance(value, str) and value.strip():
                cells[wanted <= _words(value)].append(cell)
                named = named or _is_named(order, value, whole=verb == "live")
        if cells[True] and named:
            without, _count = lacking(mail, column)
            true = mail.with_values(column, cells[True]) & ~without
            why = f"by {column} they {verb} {'another' if verb == 'own' else 'somewhere else'}"
            return Standing(column, true, mail.with_values(column, cells[False]), why)
    return None


def _is_named(wanted: list[str], value: str, *, whole: bool) -> bool:
    """Whether words are a value, or the beginning of one: "your Corvina" is a Corvina 2.0."""
    words = _WORD.findall(value.casefold())
    start = words if whole else words[: len(wanted)]
    return start == wanted and any(len(word) > 2 and not word.isdigit() for word in wanted)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _columns(mail: Mail, fits: Callable[[str, str], bool]) -> Iterable[str]:
    """Columns of the recipients that mean the thing, by their names and labels."""
    labels: dict[str, Any] = dict(mail.labels)
    for column in sorted(mail.audience.columns):
        if not column.startswith("@") and fits(column, labels.get(column, "")):
            yield column
