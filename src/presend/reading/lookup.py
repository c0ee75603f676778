"""What stands at an offset of a part, found without going through the whole part for each question."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Generic, TypeVar

from presend.dialects.base import Emit, Issue, IssueKind, Piece, Program, Span

T = TypeVar("T")


class Spans(Generic[T]):
    """Things with a stretch of source each, asked by stretch."""

    def __init__(self, things: Iterable[tuple[Span, T]]) -> None:
        order = sorted(enumerate(things), key=lambda one: one[1][0].start)
        self._things = [(number, span, thing) for number, (span, thing) in order]
        self._starts = [span.start for _number, span, _thing in self._things]
        self._reach = list(accumulate((span.end for _number, span, _thing in self._things), max))
        """How far the things up to each one go: nothing before one that falls short need be looked at."""

    def meeting(self, start: int, end: int) -> Iterator[tuple[int, Span, T]]:
        """The things that share a character with [start, end): their number in the order given, stretch and self."""
        place = bisect_left(self._starts, end) - 1
        while place >= 0 and self._reach[place] > start:
            number, span, thing = self._things[place]
            if span.end > start:
                yield number, span, thing
            place -= 1

    def first(self, start: int, end: int) -> tuple[int, T] | None:
        """The first of them in the order given, with its number."""
        return min(((number, thing) for number, _span, thing in self.meeting(start, end)), key=_number, default=None)

    def innermost(self, offset: int) -> T | None:
        """The shortest that holds the offset; of equal ones the first in the order given."""
        holding = ((span.end - span.start, number, thing) for number, span, thing in self.meeting(offset, offset + 1))
        shortest = min(holding, key=lambda one: one[:2], default=None)
        return None if shortest is None else shortest[2]


def _number(one: tuple[int, object]) -> int:
    return one[0]


class Issues:
    """The static faults of a program by kind and place."""

    def __init__(self, program: Program) -> None:
        by_kind: dict[IssueKind, list[tuple[int, Issue]]] = {}
        for number, issue in enumerate(program.issues):
            by_kind.setdefault(issue.kind, []).append((number, issue))
        self._spans = {kind: Spans((one[1].span, one) for one in those) for kind, those in by_kind.items()}

    def at(self, span: Span, kinds: Iterable[IssueKind]) -> Issue | None:
        """The first issue of one of the kinds that shares a character with the span."""
        found = (self._spans[kind].first(span.start, span.end) for kind in kinds if kind in self._spans)
        return min((one[1] for one in found if one is not None), key=_number, default=(0, None))[1]


class Pieces:
    """The pieces of a program by place."""

    def __init__(self) -> None:
        self._spans: dict[int, Spans[Piece]] = {}

    def at(self, pieces: tuple[Piece, ...], offset: int) -> Piece | None:
        """The first piece of a sequence of the program that holds the offset."""
        if id(pieces) not in self._spans:
            self._spans[id(pieces)] = Spans((span_of(piece), piece) for piece in pieces)
        found = self._spans[id(pieces)].first(offset, offset + 1)
        return None if found is None else found[1]


def span_of(piece: Piece) -> Span:
    """The stretch of source that a piece stands for."""
    return piece.expression.span if isinstance(piece, Emit) else piece.span
