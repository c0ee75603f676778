"""CLM005: one discount in the subject, another one in the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Hit, Part, Severity
from presend.reading import PartReading
from presend_checks._copy import VALUE, copy_of, perhaps, surely
from presend_checks._discounts import OFF, SUM, plain
from presend_checks.claims._said import quoted, text_of

_ANY = re.compile(SUM, re.IGNORECASE)
_HEDGED = re.compile(
    r"\b(?:up to|extra|additional|further|another|plus|more|as much as|at least|from|between|to|or|and|members?"
    r"|students?|first|last year|usually|normally|instead of|was|not|only)\W*$|[-–] ?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Off:
    amount: str
    """Without blanks, `percent` as a sign."""
    words: str
    start: int
    end: int
    plain: bool
    """Nothing stands before it that makes it one of several amounts."""


@check("CLM005", "price-mismatch", mishaps=["M14"], severity=Severity.HIGH, needs=[Need.PARTS])
def price_mismatch(mail: Mail) -> Iterator[Hit]:
    """The subject or preview text promises one discount, and the mail gives another.

    Why it matters
    People open the mail for the one and find the other. Whoever is told "25 % off" may ask for it.

    How to fix
    Find out which is right, and write it in both.

    Known limits
    Only the clear case: one discount ("20% off", "save £5") in the subject, which stands nowhere in the mail, and one
    other discount in the mail, of the same kind. "Up to", "extra", several discounts, amounts from people's data, and
    passages that only some get leave it alone.
    """
    promises = [
        (part, each[0])
        for part in mail.parts
        if part.part in (Part.SUBJECT, Part.PREVIEW_TEXT) and not part.program.fatal
        if len(each := _offs(text_of(part))) == 1 and each[0].plain and _everybody(part, each[0])
        if len(_amounts(text_of(part))) == 1
    ]
    body = next((p for p in mail.parts if p.part is Part.HTML and p.source.strip()), None)
    body = body or next((p for p in mail.parts if p.part is Part.TEXT), None)
    if not promises or body is None or body.program.fatal:
        return
    text = text_of(body)
    given = {one.amount: one for one in reversed(_offs(text))}
    other = next(iter(given.values()), None)
    if other is None or len(given) != 1 or not _everybody(body, other) or not other.plain or VALUE + "%" in text:
        return
    anywhere = _amounts(text)
    for part, one in promises:
        if one.amount in anywhere or one.amount.endswith("%") != other.amount.endswith("%"):
            continue
        yield Hit(
            mail.at(part, copy_of(part).span(one.start, one.end)),
            f'The {part.part.value.replace("_", " ")} says "{one.words}", and the mail "{other.words}".',
            "Find out which is right, and write it in both.",
            reason=f'is promised "{one.words}" and given "{other.words}"',
        )


def _amounts(text: str) -> set[str]:
    return {plain(found[0]) for found in _ANY.finditer(text)}


def _offs(text: str) -> list[_Off]:
    found = []
    for one in OFF.finditer(text):
        amount = next(value for value in one.groups() if value)
        before = text[max(0, one.start() - 30) : one.start()]
        only = not _HEDGED.search(before) and "up to" not in one[0].lower()
        only = only and not quoted(text, *one.span())
        found.append(_Off(plain(amount), " ".join(one[0].split()), one.start(), one.end(), only))
    return found


def _everybody(part: PartReading, one: _Off) -> bool:
    """Whether everybody reads it; without people, whether it stands in no condition."""
    at = copy_of(part).span(one.start, one.end).start
    if any(fork.span.start <= at < fork.span.end for fork in part.choices):
        return False
    return surely(part, at) == perhaps(part, at)
