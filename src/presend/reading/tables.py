"""What one expression prints for each distinct input: evaluated once per distinct value, never once per recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from presend.audience.engine import (
    EVERYONE,
    NESTED,
    NOBODY,
    NUMBER,
    Audience,
    Cells,
    Distinct,
    Shape,
    Who,
)
from presend.audience.values import Row, row_of
from presend.dialects.base import Expression, Outcome, OutcomeKind, printed
from presend.reading.inputs import Inputs, is_plain, rows_of

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

    def __init__(self, expression: Expression, audience: Audience, inputs: Inputs) -> None:
        self.expression = expression
        self._audience = audience
        self._inputs = inputs
        self._entries: list[Entry] | None = None
        self._rows: Sequence[Row | None] = ()
        self._kinds: dict[OutcomeKind, list[Entry]] = {}
        self._who: dict[frozenset[OutcomeKind], Who] = {}

    def entries(self) -> list[Entry]:
        """Every distinct input with its count and outcome, or value classes for near-unique columns."""
        if self._entries is None:
            self._entries = list(self._read())
            for entry in self._entries:
                self._kinds.setdefault(entry.outcome.kind, []).append(entry)
        return self._entries

    def _read(self) -> Iterator[Entry]:
        columns = self.expression.columns
        if not columns:
            self._rows = [{}]
            return iter([Entry((), self._audience.size, self.expression.evaluate({}))])
        alone = self.expression.bare and len(columns) == 1
        if alone and self._audience.exceeds(columns[0], NEAR_UNIQUE):
            shaped = list(self._by_shape(columns[0]))
            self._rows = rows_of(columns, [entry.cells for entry in shaped])
            return iter(shaped)
        found, self._rows = self._inputs.of(columns)
        return self._by_class(found) if alone else self._each(found, self._rows)

    def _each(self, found: Iterable[Distinct], rows: Iterable[Row | None]) -> Iterator[Entry]:
        for one, row in zip(found, rows, strict=True):
            yield Entry(one.cells, one.count, self._evaluate(one.cells, row))

    def _evaluate(self, cells: Cells, row: Row | None = None) -> Outcome:
        return self.expression.evaluate(row_of(self.expression.columns, cells) if row is None else row)

    def _by_class(self, found: Sequence[Distinct]) -> Iterator[Entry]:
        """As `_each`, for a bare expression: plain texts print as they are, or all come to the same.

        Which of the two is asked of the dialect with the first plain text; what is not plain is asked one by one.
        """
        first: Outcome | None = None
        as_is = False
        for one, row in zip(found, self._rows, strict=True):
            cell = one.cells[0]
            if cell is None or not is_plain(cell):
                yield Entry(one.cells, one.count, self._evaluate(one.cells, row))
                continue
            if first is None:
                first = self._evaluate(one.cells, row)
                as_is = not self.expression.test and first == printed(cell[1:-1])
            if as_is:
                yield Entry(one.cells, one.count, Outcome(OutcomeKind.PRINTED, cell[1:-1]))
            elif self.expression.test or not first.text:
                yield Entry(one.cells, one.count, first)
            else:
                yield Entry(one.cells, one.count, self._evaluate(one.cells, row))

    def _by_shape(self, column: str) -> Iterator[Entry]:
        for shape, count, cell in self._audience.shapes(column):
            if shape in (NUMBER, NESTED):
                # 0 and false print otherwise than 7, [] otherwise than [1]: no class can stand for these.
                for one in self._audience.distinct((column,), self._audience.shaped(column, (shape,))):
                    yield Entry(one.cells, one.count, self._evaluate(one.cells))
            else:
                yield Entry((cell,), count, self._evaluate((cell,)), shape)

    def who(self, test: Test) -> Who:
        """The recipients whose input and outcome pass the test, whether or not they ever reach the expression."""
        hits: list[Entry] = []
        misses: list[Entry] = []
        columns = self.expression.columns
        entries = self.entries()
        for entry, row in zip(entries, self._rows, strict=True):
            known = row_of(columns, entry.cells) if row is None else row
            (hits if test(known, entry.outcome) else misses).append(entry)
        return self._of(hits, misses)

    def of_kind(self, *kinds: OutcomeKind) -> Who:
        """The recipients for whom it comes out as one of the kinds."""
        wanted = frozenset(kinds)
        if wanted not in self._who:
            self.entries()
            hits = [entry for kind in sorted(wanted) for entry in self._kinds.get(kind, ())]
            misses = [entry for kind, those in self._kinds.items() if kind not in wanted for entry in those]
            self._who[wanted] = self._of(hits, misses)
        return self._who[wanted]

    def _of(self, hits: list[Entry], misses: list[Entry]) -> Who:
        if not hits:
            return NOBODY
        if not misses:
            return EVERYONE
        who = ~self._in(misses) if len(misses) < len(hits) else self._in(hits)
        return replace(who, size=sum(entry.count for entry in hits))

    def _in(self, entries: list[Entry]) -> Who:
        columns = self.expression.columns
        shapes = [e.shape for e in entries if e.shape is not None]
        cells = [e.cells for e in entries if e.shape is None]
        who = self._audience.where(columns, cells) if cells else NOBODY
        return who | self._audience.shaped(columns[0], shapes) if shapes else who
