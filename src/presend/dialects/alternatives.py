"""Puts content that the platform itself chooses per recipient into a compiled part, as a choice like any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from presend.audience.values import Row
from presend.dialects.base import (
    Arm,
    Choice,
    Emit,
    Expression,
    Outcome,
    OutcomeKind,
    Piece,
    Program,
    Span,
    Text,
    unknown,
)
from presend.model import Alternatives, Passage

_YES, _NO = Outcome(OutcomeKind.PRINTED, "true"), Outcome(OutcomeKind.BLANK, "")


def with_alternatives(program: Program, alternatives: Sequence[Alternatives]) -> Program:
    """The program with each group of passages as one choice; unchanged where a block runs across their borders.

    A block that runs across a border is a fault of the source that the dialect has its own word for.
    """
    part = program.template.part
    for group in alternatives:
        if group.part is part:
            program = _with_group(program, group.passages)
    return program


def _with_group(program: Program, passages: Sequence[Passage]) -> Program:
    borders = [passages[0].start, *(passage.end for passage in passages)]
    pieces = [cut for piece in program.pieces for cut in _cut(piece, borders, program.template.source)]
    if any(_crosses(_span(piece), borders) for piece in pieces):
        return program
    first, last = borders[0], borders[-1]
    arms = tuple(
        Arm(_test(passage), tuple(p for p in pieces if _within(_span(p), passage.start, passage.end)))
        for passage in passages
    )
    before = [piece for piece in pieces if _span(piece).end <= first]
    after = [piece for piece in pieces if _span(piece).start >= last]
    return replace(program, pieces=(*before, Choice(Span(first, last), arms), *after))


def _span(piece: Piece) -> Span:
    return piece.expression.span if isinstance(piece, Emit) else piece.span


def _within(span: Span, start: int, end: int) -> bool:
    return start <= span.start and span.end <= end


def _crosses(span: Span, borders: Sequence[int]) -> bool:
    return any(span.start < border < span.end for border in borders)


def _cut(piece: Piece, borders: Sequence[int], source: str) -> Iterator[Piece]:
    """A text in pieces that end at the borders; anything else as it is."""
    if not isinstance(piece, Text) or not _crosses(piece.span, borders):
        yield piece
        return
    whole = source[piece.span.start : piece.span.end]
    # A neighbouring tag may have trimmed the text: it is then a stretch of its source.
    lead = whole.find(piece.text)
    if lead < 0:
        yield piece
        return
    start = piece.span.start
    for border in (*(b for b in borders if piece.span.start < b < piece.span.end), piece.span.end):
        at = piece.span.start + lead
        text = piece.text[max(0, start - at) : max(0, border - at)]
        yield Text(Span(start, border), text)
        start = border


def _test(passage: Passage) -> Expression | None:
    """Whether a recipient gets the passage; None for the one that is left for everybody else."""
    if not passage.columns and not passage.unknown:
        return None
    columns = tuple(sorted(passage.columns))
    unsure = unknown(passage.unknown or f"who is in {passage.label} could not be read")

    def evaluate(row: Row) -> Outcome:
        cells = [row.get(column) for column in columns]
        if True in cells:
            return _YES
        return unsure if not cells or None in cells else _NO

    # No character of the source is the condition, so nothing can stand in it.
    at = Span(passage.start, passage.start)
    return Expression(at, passage.label, passage.label, columns, evaluate, test=True)
