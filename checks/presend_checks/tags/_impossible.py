"""Whether any value at all could meet a condition: what it compares with is tried, and what lies beside that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any

from presend.dialects.base import Comparison, Expression, OutcomeKind

MOST = 3000
"""Rows that are tried; a condition with more stays undecided."""

_ELSE = "\u2060other\u2060"
"""A text that no condition compares with."""
_PLAIN = re.compile(r"""'[^']*'|"[^"]*"|\|\s*lookup\s*:|\{%|%\}""")
_WORKED_OUT = re.compile(r"[|+*/%~()\[\]-]|\bis\b|\{\{")
"""Signs of more than comparisons: a value that is worked out may be met by others than those beside the literals."""


def is_impossible(expression: Expression) -> bool:
    """Whether no row makes a condition true that only compares columns with literals; False when in doubt."""
    compares, columns = expression.compares, expression.columns
    if len(compares) < 2 or {one.column for one in compares} != set(columns):
        return False
    if _WORKED_OUT.search(_PLAIN.sub("", expression.source)):
        return False
    choices = [_values([one for one in compares if one.column == column]) for column in columns]
    rows = list(islice(product(*choices), MOST + 1))
    return len(rows) <= MOST and all(_is_false(expression, dict(zip(columns, row, strict=True))) for row in rows)


def _is_false(expression: Expression, row: dict[str, Any]) -> bool:
    given = {name: value for name, value in row.items() if value is not None}
    return expression.evaluate(given).kind is OutcomeKind.BLANK


def _values(compares: Sequence[Comparison]) -> list[Any]:
    """What a column might hold: what it is compared with, what lies on either side of that, something else, nothing."""
    literals = [item for one in compares for item in _items(one.literal)]
    beside = [value for literal in literals for value in _beside(literal)]
    flags = [True, False] if any(isinstance(literal, bool) for literal in literals) else []
    lists = [literals] if any(one.op == "contains" for one in compares) else []
    return [None, "", _ELSE, *flags, *lists, *literals, *beside]


def _items(literal: Any) -> list[Any]:
    return list(literal) if isinstance(literal, list | tuple) else [] if literal is None else [literal]


def _beside(literal: Any) -> Iterator[Any]:
    if isinstance(literal, str):
        yield from (f"{literal}{_ELSE}", literal[:-1], f"{literal[:-1]}~")
    elif isinstance(literal, int | float) and not isinstance(literal, bool):
        yield from (literal - 1, literal - 0.5, literal + 0.5, literal + 1, str(literal), str(literal + 1))
