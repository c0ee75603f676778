"""TAG008: an explicit null, a flag, a list or an object printed as the machine writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from presend.check import Need, check
from presend.dialects.base import Outcome, OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Hit, Severity
from presend.reading import Region
from presend_checks.tags._places import UNSEEN, called, surface_of

_NULL = re.compile(r"\s*(?:none|null)\s*", re.IGNORECASE)
_FLAG = re.compile(r"\s*(?:true|false)\s*", re.IGNORECASE)
_NULL_INSIDE = re.compile(r"\bNone\b")
_KINDS: Mapping[str, type] = {"null": type(None), "a list": list, "an object": dict}
_NESTED = re.compile(r"\s*(?:\[.*\]|\{.*\})\s*", re.DOTALL)


@check("TAG008", "prints-none", mishaps=["M04"], severity=Severity.HIGH, needs=[Need.PARTS])
def prints_none(mail: Mail) -> Iterator[Hit]:
    """A null prints as "None", a flag as "True", a list or an object in brackets, as a machine writes them.

    Why it matters
    A property that an integration sets to null is not missing: "Hi None," goes out, and a property that holds a list
    prints with its brackets and quotes. "Member: True." is less bad, and of medium severity.

    How to fix
    Give the tag a fallback that covers null, print one item of the list, or mend the data at its source.

    Known limits
    Nothing is said without recipients: whether anybody has a null cannot be told from the template. A text value that
    really reads "None" is junk-value's. Flags in links are left alone: a page may want them so.
    """
    if not mail.has_audience:
        return
    for part in mail.parts:
        for region in part.regions:
            expression = region.expression
            if not expression.columns or surface_of(mail, part, expression.span) in UNSEEN:
                continue
            literal = _NULL_INSIDE.search(expression.source) is not None
            who = region.who(lambda row, outcome, literal=literal: _as_machine(row, outcome, literal=literal))  # type: ignore[misc]
            if mail.audience.count(who):
                name = called(expression.columns)
                kinds = _kinds(mail, region)
                says = f"{name} is {' or '.join(kinds)} for some recipients and prints as the machine writes it."
                yield Hit(mail.at(part, region), says, _fix(kinds, expression.fallback_place), who=who)
                continue
            if surface_of(mail, part, expression.span) is Surface.LINK:
                continue
            flagged = region.who(_as_flag)
            if mail.audience.count(flagged):
                name = called(expression.columns)
                says = f"{name} is true or false and prints so, as the machine writes it."
                fix = "Ask for it in a condition, and write the words for each case there."
                yield Hit(mail.at(part, region), says, fix, who=flagged, severity=Severity.MEDIUM)


def _kinds(mail: Mail, region: Region) -> list[str]:
    """What the values are that print as a machine writes them."""
    columns = region.expression.columns
    values = [value for entry in region.entries() for value in mail.row(columns, entry.cells).values()]
    return [word for word, kind in _KINDS.items() if any(isinstance(value, kind) for value in values)]


def _fix(kinds: list[str], place: str) -> str:
    """How to print what is no text: a default covers null alone."""
    cover = f"To cover null, {place}." if place and "null" in kinds else ""
    items = "Print its items one by one, or one of them." if kinds != ["null"] else ""
    return " ".join(text for text in (cover, items) if text) or "Mend the data."


def _as_machine(row: Mapping[str, Any], outcome: Outcome, *, literal: bool) -> bool:
    if outcome.kind is not OutcomeKind.PRINTED:
        return False
    if any(value is None for value in row.values()):
        whole = _NULL.fullmatch(outcome.text) is not None
        return whole or (not literal and _NULL_INSIDE.search(outcome.text) is not None)
    return any(isinstance(value, list | dict) for value in row.values()) and bool(_NESTED.fullmatch(outcome.text))


def _as_flag(row: Mapping[str, Any], outcome: Outcome) -> bool:
    """Whether a flag prints as one; in a sentence it is no answer, "yes" and "no" would be."""
    flag = any(isinstance(value, bool) for value in row.values())
    return flag and outcome.kind is OutcomeKind.PRINTED and _FLAG.fullmatch(outcome.text) is not None
