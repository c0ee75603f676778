"""VAL013: words in a field that holds numbers, dates, phone numbers or web addresses, printed as if they were one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from presend.check import Need, check
from presend.dialects.base import OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Location, Platform, Role, Severity, role_of
from presend.reading import NOBODY, Region, Who
from presend_checks._numbers import share
from presend_checks._printed import is_read
from presend_checks.values._classes import fault_of
from presend_checks.values._formats import PHONE_NAME, day_names


class Type(StrEnum):
    """What a field holds; the value says it with its article."""

    NUMBER = "a number"
    DATE = "a date"
    PHONE = "a phone number"
    URL = "a web address"


_STATED = {
    "number": Type.NUMBER,
    "integer": Type.NUMBER,
    "date": Type.DATE,
    "datetime": Type.DATE,
    "birthday": Type.DATE,
    "phone": Type.PHONE,
    "phone_number": Type.PHONE,
    "url": Type.URL,
    "website": Type.URL,
    "imageurl": Type.URL,
}
"""The platforms' words for the types of their fields."""
_BY_ROLE = {Role.BALANCE: Type.NUMBER, Role.PHONE: Type.PHONE, Role.BIRTHDAY: Type.DATE}
_BY_NAME = (
    (Type.DATE, re.compile(r".*date|(?:.* )?(?:expires on|due on|booked for)", re.IGNORECASE)),
    (Type.URL, re.compile(r".*(?:url|web ?site|home ?page)|(?:.* )?link", re.IGNORECASE)),
    (Type.PHONE, PHONE_NAME),
    (Type.NUMBER, re.compile(r"(?:number|count) of .*|(?:.* )?(?:quantity|qty|amount|count)", re.IGNORECASE)),
)
"""Mailchimp's tags have no blanks (RENEWDATE); a word that only ends so (UPDATE) is told by what the field holds."""
_AROUND = frozenset(("of", "the", "in", "on", "early", "mid", "late", "end", "beginning", "de", "am", "im", "ende"))
"""What may stand beside the name of a month or day without making it a sentence."""
_URL = re.compile(r"\s*(?:(?:https?:)?//\S+|[^\s/@]+\.[^\s/@.]{2,}(?:[/?#]\S*)?|/\S*|#\S*)\s*", re.IGNORECASE)
_LINKS = frozenset({Surface.LINK})


@check(
    "VAL013",
    "wrong-type",
    mishaps=["M04"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.AUDIENCE],
    options={"least_right": 0.8, "min_recipients": 5},
)
def wrong_type(mail: Mail) -> Iterator[Hit]:
    """A field that holds a number, a date, a phone number or a web address holds words for some, and is printed.

    Why it matters
    "You have ask Tom points", "see you on soon": a field that was misused by somebody reads as nonsense to another,
    and a link that is no address leads nowhere.

    How to fix
    Correct or empty these values, and give the field a type on the platform, so that it takes no others.

    Known limits
    The type is the platform's, or told from the field's name; by its name alone only where `least_right` (a share,
    0.8) of at least `min_recipients` (5) values are of that type, with medium confidence. Only words without any digit
    count as wrong, so that "340 points" and "3rd of May" are left alone, as are names of days and months alone. What
    programs leave ("N/A") is junk-value's. Filters that read the value as a date or number are not judged. One finding
    per column and part.
    """
    seen: set[tuple[str, str]] = set()
    wrong: dict[str, tuple[list[str], Confidence, str] | None] = {}
    for part in mail.parts:
        for region in part.regions if not part.program.fatal else ():
            expression = region.expression
            if len(expression.columns) != 1 or expression.effect:
                continue
            column = expression.columns[0]
            kind = _type(mail, column) if _is_plain(mail, region) else None
            if kind is None or (part.part, column) in seen or not _is_shown(mail, region, kind[0]):
                continue
            if column not in wrong:
                wrong[column] = _wrong(mail, column, *kind)
            told = wrong[column]
            if told is None:
                continue
            who = _printing(region, column) & mail.with_values(column, told[0])
            if mail.audience.count(who):
                seen.add((part.part, column))
                yield _hit(mail.at(part, region), column, kind[0], told, who)


def _hit(at: Location, column: str, kind: Type, told: tuple[list[str], Confidence, str], who: Who) -> Hit:
    return Hit(
        at,
        f"{column} should hold {kind.value}, and holds words for {told[2]} of those who have a value.",
        f"Correct or empty {column} for these recipients, and let it take nothing but {kind.value}.",
        who=who,
        confidence=told[1],
        column=column,
        reason=f"{column} holds words",
    )


def _type(mail: Mail, column: str) -> tuple[Type, bool] | None:
    """What the column holds, and whether the platform says so; None where nobody can tell."""
    stated = _STATED.get(mail.field_types.get(column, "").casefold())
    if stated is not None:
        return stated, True
    label = mail.labels.get(column, "")
    by_role = _BY_ROLE.get(role_of(column, label))
    if by_role is not None:
        return by_role, False
    for name in (column.rpartition(".")[2], label):
        words = " ".join(re.split(r"[\W_]+", name)).strip()
        for kind, pattern in _BY_NAME:
            if words and pattern.fullmatch(words):
                return kind, False
    return None


def _is_plain(mail: Mail, region: Region) -> bool:
    """Whether nothing is done to the value but what its type does: Mailchimp alone gives dates a form of their own."""
    return region.expression.bare or (
        mail.platform is Platform.MAILCHIMP
        and region.expression.evaluate({region.expression.columns[0]: "mixed words"}).kind is OutcomeKind.UNKNOWN
    )


def _is_shown(mail: Mail, region: Region, kind: Type) -> bool:
    """Whether a reader sees it, or clicks on it where it is a web address."""
    part = region.reading
    if kind is Type.URL and mail.place(part, region.expression.span.start).surface in _LINKS:
        return True
    return is_read(mail, part, region)


def _printing(region: Region, column: str) -> Who:
    """Those for whom the region prints the very value: a filter may mend it, or print nothing for it.

    How a platform prints a date is not documented; that it has none to print where the field holds words is certain.
    """
    outcome = region.expression.evaluate({column: "mixed words"})
    return region.reached() if "mixed" in outcome.text or outcome.kind is OutcomeKind.UNKNOWN else NOBODY


def _wrong(mail: Mail, column: str, kind: Type, stated: bool) -> tuple[list[str], Confidence, str] | None:
    """The cells that are of another type, how sure that is, and their share."""
    cells, bad, right, total = [], 0, 0, 0
    role = role_of(column, mail.labels.get(column, ""))
    for value, cell, count in mail.values(column):
        text = value.strip() if isinstance(value, str) else str(value)
        if not text or (isinstance(value, str) and fault_of(text, role) is not None):
            continue
        total += count
        if _fits(text, kind):
            right += count
        elif isinstance(value, str) and _is_words(text, kind):
            bad += count
            cells.append(cell)
    if not cells:
        return None
    if stated:
        return cells, Confidence.HIGH, share(bad, total)
    enough = total >= mail.options["min_recipients"] and right >= mail.options["least_right"] * total
    return (cells, Confidence.MEDIUM, share(bad, total)) if enough else None


def _fits(text: str, kind: Type) -> bool:
    match kind:
        case Type.URL:
            return _URL.fullmatch(text) is not None
        case Type.NUMBER | Type.DATE | Type.PHONE:
            return any(c.isdigit() for c in text)


def _is_words(text: str, kind: Type) -> bool:
    """Whether it is certainly words: letters, no digit, and no month or day where a date belongs."""
    if any(c.isdigit() for c in text) and kind is not Type.URL:
        return False
    if kind is Type.DATE and _is_about_a_day(text):
        return False
    return sum(c.isalpha() for c in text) >= 3


def _is_about_a_day(text: str) -> bool:
    """Whether it is the name of a month or a day and nothing else: "end of June", but not "some time in May"."""
    words = [word for word in re.findall(r"[^\W\d_]+", text.casefold()) if word not in _AROUND]
    return bool(words) and all(word in day_names() for word in words)
