"""What a segment is made of: its conditions as the platform joins them, and what they say of one person's values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presend.model.campaign import AudienceRef


_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")


class Ground(StrEnum):
    """What a condition asks about."""

    FIELD = "field"
    """A value that is kept about a person: `Leaf.column` names it."""
    DEED = "deed"
    """Something that people did: opened, bought, visited."""
    GROUP = "group"
    """A list, a tag, an interest, another segment."""
    OTHER = "other"
    """Known, and none of these: consent, a sample, another record."""
    UNKNOWN = "unknown"
    """A kind that presend does not know."""


class Op(StrEnum):
    """How a condition compares a value; OTHER for every comparison that is not judged here."""

    IS = "is"
    IS_NOT = "is not"
    SET = "set"
    UNSET = "unset"
    ABOVE = "above"
    BELOW = "below"
    LACKS = "lacks"
    """Any other comparison that is denied: does not contain, does not begin with."""
    OTHER = "other"


DENYING = frozenset({Op.IS_NOT, Op.LACKS})
"""Comparisons that somebody without a value may or may not pass: the surprise of every platform."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition."""

    ground: Ground
    column: str = ""
    """The audience's column; empty unless `ground` is FIELD."""
    op: Op = Op.OTHER
    values: tuple[str, ...] = ()
    """What is compared with: any of them fits."""
    unset: bool | None = None
    """Whether people without a value pass, where the definition itself says so; None: it does not."""

    def holds(self, value: object) -> bool | None:
        """Whether a person's value (None or "": there is none) passes; None where that cannot be told."""
        if isinstance(value, dict):
            return None
        held = _words(value)
        if not held:
            return self._of_nothing()
        match self.op:
            case Op.SET | Op.UNSET:
                return self.op is Op.SET
            case Op.IS | Op.IS_NOT if self.values:
                fits = not held.isdisjoint(map(_fold, self.values))
                return fits is (self.op is Op.IS)
            case _:
                return None

    def _of_nothing(self) -> bool | None:
        match self.op:
            case Op.SET | Op.UNSET:
                return self.op is Op.UNSET
            case Op.IS if self.values and all(map(_fold, self.values)) and self.unset is not True:
                return False
            case _:
                return self.unset


@dataclass(frozen=True, slots=True)
class Joint:
    """Conditions joined: all of them must hold, or (`every` is false) any one."""

    every: bool
    parts: tuple[Leaf | Joint, ...]


Logic = Leaf | Joint


@dataclass(frozen=True, slots=True)
class Definition:
    """One included segment whose conditions the platform shows."""

    name: str
    logic: Logic
    fixed: bool = False
    """Its members were worked out once and are not worked out again (HubSpot's SNAPSHOT lists)."""


def leaves(logic: Logic) -> Iterator[Leaf]:
    """Every condition, in the order of the definition."""
    if isinstance(logic, Leaf):
        yield logic
        return
    for part in logic.parts:
        yield from leaves(part)


def verdict(logic: Logic, of: Callable[[Leaf], bool | None]) -> bool | None:
    """What the conditions come to when each is true, false or unknown (None), by three-valued logic."""
    if isinstance(logic, Leaf):
        return of(logic)
    found = [verdict(part, of) for part in logic.parts]
    decides = not logic.every
    if decides in found:
        return decides
    return None if None in found or not found else logic.every


def only_definition(audience: AudienceRef) -> Definition | None:
    """The definition that every recipient must meet; None where there is none or several, or people come otherwise."""
    if len(audience.included) != 1 or len(audience.definitions) != 1:
        return None
    return audience.definitions[0]


def _fold(value: str) -> str:
    """A word without case and blanks around it, its accents with their letters; 5, 5.0 and "05.00" are one number."""
    word = unicodedata.normalize("NFC", value.strip().casefold())
    return f"{float(word):.15g}" if _NUMBER.fullmatch(word) else word


def _words(value: object) -> frozenset[str]:
    """What a value may be compared by: itself, and each of several (a list, or HubSpot's semicolons)."""
    if value is None:
        return frozenset()
    if isinstance(value, list):
        return frozenset(word for each in value for word in _words(each))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    found = {_fold(text)} | ({_fold(part) for part in text.split(";")} if ";" in text else set())
    return frozenset(found - {""})
