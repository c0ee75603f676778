"""One part as one recipient reads it: the text, and where in it everything of the source stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import assert_never

from presend.audience.values import Row
from presend.dialects.base import Choice, Emit, Expression, Outcome, OutcomeKind, Piece, Span, Text
from presend.reading.lookup import Spans


@dataclass(frozen=True)  # without slots: what is looked up in it is kept
class Rendered:
    """One part for one recipient. `kind` is PRINTED, SKIPPED or UNKNOWN; `text` is exact when PRINTED."""

    kind: OutcomeKind
    text: str
    reason: str = ""
    marks: tuple[tuple[int, int, Expression], ...] = ()
    """Where in `text` each expression's own output stands: (start, end, expression)."""
    texts: tuple[tuple[int, int, int], ...] = ()
    """Where the literal text stands: (start in `text`, start in the source, length)."""
    gaps: tuple[tuple[int, int], ...] = ()
    """Where choices stand of which no branch printed: (start in `text`, start in the source)."""
    doubts: Mapping[int, str] = field(default_factory=dict)
    """Why nobody can say what an expression prints here, by its number in `marks`."""
    kept: dict[bool, str] = field(default_factory=dict, init=False, compare=False, repr=False)
    """`text` with people's values masked, by whether it is markup, for `presend.reading.excerpt`."""

    def doubt(self, start: int) -> str:
        """Why nobody can say what this recipient reads at the source's `start`; empty where it is known."""
        found = self._marked.first(start, start + 1)
        return "" if found is None else self.doubts.get(found[0], "")

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the source's [start, end) stands in `text`; None when this recipient does not get to read it."""
        if (mark := self._marked.first(start, start + 1)) is not None:
            return mark[1][:2]
        if (literal := self._written.first(start, start + 1)) is not None:
            at, source, length = literal[1]
            return at + start - source, at + min(end - source, length)
        return self._left_out.get(start)

    def beside(self, start: int, end: int) -> bool:
        """Whether some other output stands beside [start, end) of `text`, with nothing but white space between."""
        before = bisect_right(self._ends, start) - 1
        if before >= 0 and self._is_space(self._ends[before], start):
            return True
        after = bisect_left(self._starts, end)
        return after < len(self._starts) and self._is_space(end, self._starts[after])

    def _is_space(self, start: int, end: int) -> bool:
        """Whether [start, end) of `text` holds nothing that can be seen."""
        place = bisect_right(self._words, start, key=_until)
        return place == len(self._words) or self._words[place][0] >= end

    @cached_property
    def _marked(self) -> Spans[tuple[int, int, Expression]]:
        return Spans((mark[2].span, mark) for mark in self.marks)

    @cached_property
    def _written(self) -> Spans[tuple[int, int, int]]:
        return Spans((Span(literal[1], literal[1] + literal[2]), literal) for literal in self.texts)

    @cached_property
    def _left_out(self) -> dict[int, tuple[int, int]]:
        return {source: (at, at) for at, source in reversed(self.gaps)}

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, end, _expression in self.marks if end > start]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for start, end, _expression in self.marks if end > start]

    @cached_property
    def _words(self) -> list[tuple[int, int]]:
        return [word.span() for word in re.finditer(r"\S+", self.text)]


def _until(word: tuple[int, int]) -> int:
    return word[1]


def _restrict(expression: Expression, row: Row) -> Row:
    return {name: row[name] for name in expression.columns if name in row}


class Sink:
    """Collects what prints, and where each expression's output stands."""

    __slots__ = ("_outcomes", "doubts", "gaps", "length", "marks", "out", "texts")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.marks: list[tuple[int, int, Expression]] = []
        self.texts: list[tuple[int, int, int]] = []
        self.gaps: list[tuple[int, int]] = []
        self.doubts: dict[int, str] = {}
        self.length = 0
        self._outcomes: dict[tuple[int, tuple[str, ...]], Outcome] = {}

    def outcome(self, expression: Expression, row: Row) -> Outcome:
        """What becomes of an expression; tags that share their evaluation are evaluated once."""
        key = (id(expression.evaluate), expression.columns)
        if key not in self._outcomes:
            self._outcomes[key] = expression.evaluate(_restrict(expression, row))
        return self._outcomes[key]

    def literal(self, piece: Text) -> None:
        """Write a stretch that is the same for everybody."""
        self.texts.append((self.length, piece.span.start, len(piece.text)))
        self.out.append(piece.text)
        self.length += len(piece.text)

    def write(self, outcome: Outcome, expression: Expression) -> None:
        """Write what an expression gave."""
        text = outcome.text
        if outcome.kind is OutcomeKind.UNKNOWN:
            self.doubts[len(self.marks)] = outcome.reason
        start = self.length
        self.out.append(text)
        self.length += len(text)
        self.marks.append((start, self.length, expression))

    def leave_out(self, choice: Choice) -> None:
        """Note a choice that prints nothing here."""
        self.gaps.append((self.length, choice.span.start))

    def close(self, kind: OutcomeKind, reason: str = "") -> Rendered:
        """What was collected, as the part's rendering."""
        text, marks, texts = "".join(self.out), tuple(self.marks), tuple(self.texts)
        return Rendered(kind, text, reason, marks, texts, tuple(self.gaps), self.doubts)


def render(pieces: tuple[Piece, ...], row: Row, sink: Sink) -> Outcome | None:
    """Write what prints; the first outcome that stops exactness (skipped beats unknown), or None."""
    doubt: Outcome | None = None
    stop: Outcome | None
    for piece in pieces:
        match piece:
            case Text():
                sink.literal(piece)
                continue
            case Emit(expression):
                outcome = sink.outcome(expression, row)
                sink.write(outcome, expression)
                stop = outcome if outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN) else None
            case Choice():
                stop = _render_choice(piece, row, sink)
            case _:
                assert_never(piece)
        if stop is not None and stop.kind is OutcomeKind.SKIPPED:
            return stop
        doubt = doubt or stop
    return doubt


def _render_choice(choice: Choice, row: Row, sink: Sink) -> Outcome | None:
    for arm in choice.arms:
        if arm.test is None:
            return render(arm.body, row, sink)
        truth = sink.outcome(arm.test, row)
        match truth.kind:
            case OutcomeKind.PRINTED:
                return render(arm.body, row, sink)
            case OutcomeKind.SKIPPED | OutcomeKind.UNKNOWN:
                return truth
            case OutcomeKind.BLANK | OutcomeKind.LITERAL:
                continue
    sink.leave_out(choice)
    return None
