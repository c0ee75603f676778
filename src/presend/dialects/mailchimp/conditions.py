"""Whether a condition holds for a recipient: true, false, or nobody can say."""

from __future__ import annotations

import html
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from presend.audience.values import Row, Value
from presend.dialects.base import Outcome, OutcomeKind, unknown
from presend.dialects.mailchimp.values import as_text, is_missing
from presend.model import Gap

TRUE = Outcome(OutcomeKind.PRINTED, "true")
FALSE = Outcome(OutcomeKind.BLANK)

_NUMBER = re.compile(r"\s*[+-]?\d{1,40}(?:\.\d{1,40})?\s*")
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DATES = frozenset(["date", "birthday"])


def number(text: str) -> Decimal | None:
    """The number that a text is, or None."""
    return Decimal(text.strip()) if _NUMBER.fullmatch(text) else None


def literals(value: str) -> tuple[str, ...]:
    """Every reading of the literal in a condition that cannot be ruled out: quotes, spaces at its end, &amp;."""
    found = {value, value.rstrip(), html.unescape(value)}
    if len(value) > 1 and value.rstrip()[-1:] in ('"', "'", "”", "’") and value[0] in "\"'“‘”’":
        found.add(value.rstrip()[1:-1])
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Condition:
    """`IF:NAME`, `IFNOT:NAME op value` and the like; calling it gives TRUE, FALSE or an UNKNOWN outcome."""

    column: str
    type: str
    default: str | Gap
    op: str
    value: str
    negated: bool

    def __call__(self, row: Row) -> Outcome:
        """The verdict for one recipient; never raises."""
        verdict = self._verdict(row.get(self.column))
        if isinstance(verdict, str):
            return unknown(verdict)
        return TRUE if verdict is not self.negated else FALSE

    def _verdict(self, value: Value) -> bool | str:
        if not is_missing(value):
            return self._holds(value)
        plain = self._missing()
        if isinstance(self.default, Gap) or (self.default and self._holds(self.default) != plain):
            return "whether a condition sees the field's default value is not documented"
        return plain

    def _missing(self) -> bool | str:
        if not self.op or self.op == "=":
            return False  # documented: a comparison with a missing value is false
        if self.op == "!=":
            return "whether a missing value differs from a given one is not documented"
        for one in literals(self.value):
            limit = number(one)
            if limit is None or _ORDER[self.op](Decimal(0), limit) or _ORDER[self.op]("", one):
                return "how a missing value compares is not documented"
        return False

    def _holds(self, value: Value) -> bool | str:
        if not self.op:
            return _truth(value)
        raw = isinstance(value, str) and self.type not in ("address", "date")
        text = value if raw else as_text(value, self.type)
        if not isinstance(text, str):
            return text.reason
        verdicts = {self._compare(text, one) for one in literals(self.value)}
        return verdicts.pop() if len(verdicts) == 1 else "how the condition's literal is read is not documented"

    def _compare(self, text: str, literal: str) -> bool | str:
        left, right = number(text), number(literal)
        if self.op in ("=", "!="):
            same = self._same(text, left, literal, right)
            return same if isinstance(same, str) else same is (self.op == "=")
        compare = _ORDER[self.op]
        if self.type in _DATES:
            return "how dates compare is not documented"
        if left is None or right is None:
            return "how texts compare with < and > is not documented"
        as_number = compare(left, right)
        if self.type == "number" or as_number is compare(text, literal):
            return as_number
        return "< and > on a text field are unreliable: as texts these compare otherwise than as numbers"

    def _same(self, text: str, left: Decimal | None, literal: str, right: Decimal | None) -> bool | str:
        same = text == literal
        if self.type != "number":
            if same or left is None or left != right:
                return same
            return "whether 1 and 1.0 are equal in a text field is not documented"
        if left is not None and right is not None:
            return left == right
        if same is ((left or Decimal(0)) == (right or Decimal(0))):
            return same
        return "what a word counts for in a number field is not documented"


def _truth(value: Value) -> bool | str:
    if isinstance(value, bool) or value == 0 or (isinstance(value, str) and number(value) == 0):
        return "whether a condition takes 0 for a value is not documented"
    if isinstance(value, list) or (isinstance(value, dict) and all(is_missing(part) for part in value.values())):
        return "whether a condition takes an empty object for a value is not documented"
    return True


@dataclass(frozen=True, slots=True)
class Membership:
    """`INTERESTED:Title:Name,…` over the column that lists the groups a person is in."""

    column: str
    wanted: tuple[str, ...]
    strangers: bool
    """Some of the names do not exist."""
    told: bool = True
    """Whether the groups that people are in are known at all."""

    def __call__(self, row: Row) -> Outcome:
        """The verdict for one recipient; never raises."""
        value = row.get(self.column)
        if isinstance(value, str):
            value = [name.strip() for name in value.split(",")]
        if value is None:
            return FALSE if self.told else unknown("which groups this person is in is not told")
        if not isinstance(value, list):
            return unknown("the groups of this person are not given as a list of names")
        inside = [name in value for name in self.wanted]
        if not any(inside):
            return FALSE
        if self.strangers:
            return unknown("one of the block's groups does not exist; whether the others still count is not documented")
        return TRUE if all(inside) else unknown("whether one of several groups is enough is not documented")
