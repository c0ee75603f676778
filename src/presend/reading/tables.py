"""What one expression prints for each distinct input: evaluated once per distinct value, never once per recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from presend.audience.engine import (
    DELIMITER,
    EVERYONE,
    NESTED,
    NOBODY,
    NUMBER,
    Audience,
    Cells,
    Shape,
    Who,
)
from presend.audience.values import Row, row_of
from presend.dialects.base import Expression, Outcome

NEAR_UNIQUE = 20_000
"""A bare print of a column with more distinct values than this is judged by value class."""

Test = Callable[[Row, Outcome], bool]
"""A question about one distinct input and what it prints."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One distinct input (or value class, then `shape` is set and `cells` is its first member) and its outcome."""

    cells: Cells
    count: int
    outcome: Outcome
    shape: Shape | None = None


class Table:
    """All outcomes of one expression over one audience."""

    def __init__(self, expression: Expression, audience: Audience) -> None:
        self.expression = expression
        self._audience = audience
        self._entries: list[Entry] | None = None

    def entries(self) -> list[Entry]:
        """Every distinct input with its count and outcome, or value classes for near-unique columns."""
        if self._entries is None:
            self._entries = list(self._read())
        return self._entries

    def _evaluate(self, cells: Cells) -> Outcome:
        return self.expression.evaluate(row_of(self.expression.columns, cells))

    def _read(self) -> Iterator[Entry]:
        columns = self.expression.columns
        if not columns:
            yield Entry((), self._audience.size, self.expression.evaluate({}))
            return
        if self.expression.bare and len(columns) == 1 and self._near_unique(columns[0]):
            yield from self._by_shape(columns[0])
            return
        for one in self._audience.distinct(columns):
            yield Entry(one.cells, one.count, self._evaluate(one.cells))

    def _near_unique(self, column: str) -> bool:
        if self._audience.size <= NEAR_UNIQUE:
            return False
        return self._audience.distinct_count((column,)) > NEAR_UNIQUE

    def _by_shape(self, column: str) -> Iterator[Entry]:
        for shape, count, cell in self._audience.shapes(column):
            if shape in (NUMBER, NESTED, DELIMITER):
                # 0 prints otherwise than 7, [] otherwise than [1], `{{` otherwise than `*|`: no class stands for these.
                for one in self._audience.distinct((column,), self._audience.shaped(column, (shape,))):
                    yield Entry(one.cells, one.count, self._evaluate(one.cells))
            else:
                yield Entry((cell,), count, self._evaluate((cell,)), shape)

    def who(self, test: Test) -> Who:
        """The recipients whose input and outcome pass the test, whether or not they ever reach the expression."""
        hits: list[Entry] = []
        misses: list[Entry] = []
        for entry in self.entries():
            row = row_of(self.expression.columns, entry.cells)
            (hits if test(row, entry.outcome) else misses).append(entry)
        if not hits:
            return NOBODY
        if not misses:
            return EVERYONE
        if len(misses) < len(hits):
            return ~self._in(misses)
        return self._in(hits)

    def _in(self, entries: list[Entry]) -> Who:
        columns = self.expression.columns
        shapes = [e.shape for e in entries if e.shape is not None]
        cells = [e.cells for e in entries if e.shape is None]
        who = self._audience.where(columns, cells) if cells else NOBODY
        return who | self._audience.shaped(columns[0], shapes) if shapes else who
