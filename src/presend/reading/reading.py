"""Reading a message as each of its recipients would: regions, who reaches them, what they print."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from presend.audience.engine import EVERYONE, NOBODY, Audience, Who
from presend.audience.values import Row
from presend.dialects.base import (
    Choice,
    Emit,
    Expression,
    Issue,
    IssueKind,
    Outcome,
    OutcomeKind,
    Piece,
    Program,
    Span,
    Template,
    Text,
)
from presend.model import Part
from presend.reading.inputs import Inputs
from presend.reading.lookup import Issues, Pieces, Spans
from presend.reading.rendered import Rendered, Sink, render
from presend.reading.tables import Entry, Table, Test
from presend.seek import Seeker

RENDERINGS = 8
"""Of so many recipients the rendering of a part is kept: the findings on it show the same few people."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on the way to a region, and whether it must be true or false for the region to print."""

    test: Expression
    wanted: bool


class Region:
    """A personalised stretch of a part: an expression that prints, and the guards in front of it."""

    def __init__(self, reading: PartReading, expression: Expression, guards: tuple[Guard, ...]) -> None:
        self.reading = reading
        self.expression = expression
        self.guards = guards

    @property
    def part(self) -> Part:
        """The part it stands in."""
        return self.reading.part

    def entries(self) -> list[Entry]:
        """Its distinct inputs and outcomes over the whole audience; empty without an audience."""
        return self.reading.table(self.expression).entries() if self.reading.audience else []

    def missing(self) -> Outcome:
        """What it prints for somebody who has none of its columns."""
        return self.expression.evaluate({})

    def reached(self) -> Who:
        """Those who surely get to this region: every guard is certainly as it must be."""
        who = EVERYONE
        for guard in self.guards:
            who = who & self.reading.truth(guard.test, guard.wanted)
        return who

    def who(self, test: Test) -> Who:
        """Those who reach it and whose input and outcome pass the test."""
        return self.reached() & self.reading.table(self.expression).who(test)

    def of_kind(self, *kinds: OutcomeKind) -> Who:
        """Those who reach it and for whom it comes out as one of the kinds."""
        return self.reached() & self.reading.table(self.expression).of_kind(*kinds)


class Fork:
    """A choice that a part makes for each recipient, and the guards in front of it."""

    def __init__(self, reading: PartReading, choice: Choice, guards: tuple[Guard, ...]) -> None:
        self.reading = reading
        self.span = choice.span
        self.arms = choice.arms
        self.guards = guards

    @property
    def tests(self) -> tuple[Expression, ...]:
        """The conditions of its branches; one fewer than there are branches where there is an else."""
        return tuple(arm.test for arm in self.arms if arm.test is not None)

    def nobody(self) -> Who:
        """Those who surely get to it and for whom no branch prints: every test is certainly false, and no else."""
        if len(self.tests) < len(self.arms):
            return NOBODY
        who = EVERYONE
        for guard in (*self.guards, *(Guard(test, False) for test in self.tests)):
            who = who & self.reading.truth(guard.test, guard.wanted)
        return who


class PartReading:
    """One part of a message, compiled, over an audience (or none, for a template alone)."""

    def __init__(self, program: Program, audience: Audience | None, inputs: Inputs | None = None) -> None:
        self.program = program
        self.part = program.template.part
        self.source = program.template.source
        self.audience = audience
        self._inputs = Inputs(audience) if inputs is None and audience is not None else inputs
        self._tables: dict[tuple[int, tuple[str, ...], bool, bool], Table] = {}
        self._pieces = Pieces()
        self._rendered: OrderedDict[str, Rendered] = OrderedDict()

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """All regions in source order."""
        return tuple(self._regions(self.program.pieces, ()))

    @cached_property
    def tests(self) -> tuple[Region, ...]:
        """All conditions in source order, with the guards in front of each."""
        return tuple(self._tests(self.program.pieces, ()))

    @cached_property
    def choices(self) -> tuple[Fork, ...]:
        """All choices in source order, each before those inside its branches."""
        return tuple(self._choices(self.program.pieces, ()))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every audience column the part reads, sorted."""
        wanted = {c for r in (*self.regions, *self.tests) for c in r.expression.columns}
        return tuple(sorted(wanted))

    @cached_property
    def lines(self) -> Seeker:
        """The source, asked for line ends."""
        return Seeker(self.source)

    @cached_property
    def _issues(self) -> Issues:
        return Issues(self.program)

    @cached_property
    def _places(self) -> Spans[Region]:
        return Spans((region.expression.span, region) for region in (*self.regions, *self.tests))

    def issue_at(self, span: Span, *kinds: IssueKind) -> Issue | None:
        """The first issue of one of the kinds that shares a character with the span."""
        return self._issues.at(span, kinds)

    def region_at(self, offset: int) -> Region | None:
        """The innermost region or condition that holds an offset; None where plain text stands."""
        return self._places.innermost(offset)

    def piece_at(self, pieces: tuple[Piece, ...], offset: int) -> Piece | None:
        """The piece that holds an offset, of the program's or of a branch's own."""
        return self._pieces.at(pieces, offset)

    def guards_at(self, offset: int) -> tuple[Guard, ...]:
        """What must be true or false on the way to what stands at an offset; to a condition, what stands before it."""
        return self._guards(self.program.pieces, offset) or ()

    def _guards(self, pieces: tuple[Piece, ...], offset: int) -> tuple[Guard, ...] | None:
        piece = self.piece_at(pieces, offset)
        if piece is None:
            return None
        before: list[Guard] = []
        for arm in piece.arms if isinstance(piece, Choice) else ():
            if arm.test is not None and arm.test.span.start <= offset < arm.test.span.end:
                return tuple(before)
            inner = self._guards(arm.body, offset)
            if inner is not None:
                return (*before, *([Guard(arm.test, True)] if arm.test is not None else []), *inner)
            before += [Guard(arm.test, False)] if arm.test is not None else []
        return ()

    def surely(self, offset: int) -> Who:
        """Those who certainly get to what stands at an offset; everybody without an audience."""
        who = EVERYONE
        for guard in self.guards_at(offset) if self.audience is not None else ():
            who = who & self.truth(guard.test, guard.wanted)
        return who

    def perhaps(self, offset: int) -> Who:
        """Those of whom it is not certain that they do not get to it; everybody without an audience."""
        who = EVERYONE
        for guard in self.guards_at(offset) if self.audience is not None else ():
            who = who & ~self.truth(guard.test, not guard.wanted)
        return who

    def table(self, expression: Expression) -> Table:
        """The expression's outcomes over this audience. Raises ValueError where there is no audience."""
        if self.audience is None or self._inputs is None:
            raise ValueError("a template without an audience has no recipients to ask about")
        # Tags that are written alike may share their evaluation, and then their outcomes too.
        key = (id(expression.evaluate), expression.columns, expression.bare, expression.test)
        if key not in self._tables:
            self._tables[key] = Table(expression, self.audience, self._inputs)
        return self._tables[key]

    def truth(self, test: Expression, wanted: bool) -> Who:
        """Those for whom a condition certainly is (or is not) true."""
        return self.table(test).of_kind(OutcomeKind.PRINTED if wanted else OutcomeKind.BLANK)

    def _regions(self, pieces: tuple[Piece, ...], guards: tuple[Guard, ...]) -> Iterator[Region]:
        for piece in pieces:
            match piece:
                case Emit(expression):
                    yield Region(self, expression, guards)
                case Choice():
                    for path, body, _test in _arms(piece, guards):
                        yield from self._regions(body, path)
                case Text():
                    pass

    def _tests(self, pieces: tuple[Piece, ...], guards: tuple[Guard, ...]) -> Iterator[Region]:
        for piece in pieces:
            if isinstance(piece, Choice):
                before = guards
                for arm in piece.arms:
                    if arm.test is not None:
                        yield Region(self, arm.test, before)
                        before = (*before, Guard(arm.test, False))
                for path, body, _test in _arms(piece, guards):
                    yield from self._tests(body, path)

    def _choices(self, pieces: tuple[Piece, ...], guards: tuple[Guard, ...]) -> Iterator[Fork]:
        for piece in pieces:
            if isinstance(piece, Choice):
                yield Fork(self, piece, guards)
                for path, body, _test in _arms(piece, guards):
                    yield from self._choices(body, path)

    def blank(self) -> Who:
        """Those for whom the whole part surely prints nothing that can be seen."""
        return self._blank(self.program.pieces)

    def _blank(self, pieces: tuple[Piece, ...]) -> Who:
        who = EVERYONE
        for piece in pieces:
            match piece:
                case Text(_, text):
                    here = NOBODY if text.strip() else EVERYONE
                case Emit(expression):
                    here = self.table(expression).of_kind(OutcomeKind.BLANK)
                case Choice():
                    here = self._blank_choice(piece)
                case _:
                    assert_never(piece)
            if here == NOBODY:
                return NOBODY
            who = here if who == EVERYONE else who & here
        return who

    def _blank_choice(self, choice: Choice) -> Who:
        here, otherwise = NOBODY, EVERYONE
        for arm in choice.arms:
            if arm.test is None:
                return here | (otherwise & self._blank(arm.body))
            here = here | (otherwise & self.truth(arm.test, True) & self._blank(arm.body))
            otherwise = otherwise & self.truth(arm.test, False)
        return here | otherwise

    def render(self, row: Row) -> Rendered:
        """The part for one recipient's own values; no audience needed."""
        own = repr([(column, row[column]) for column in self.columns if column in row])
        if own not in self._rendered:
            self._rendered[own] = self._render(row)
            if len(self._rendered) > RENDERINGS:
                self._rendered.popitem(last=False)
        self._rendered.move_to_end(own)
        return self._rendered[own]

    def _render(self, row: Row) -> Rendered:
        if self.program.fatal:
            return Rendered(OutcomeKind.SKIPPED, "", self.program.fatal)
        sink = Sink()
        stop = render(self.program.pieces, row, sink)
        if stop is not None and stop.kind is OutcomeKind.SKIPPED:
            return Rendered(OutcomeKind.SKIPPED, "", stop.reason)
        if stop is not None:
            return sink.close(OutcomeKind.UNKNOWN, stop.reason)
        return sink.close(OutcomeKind.PRINTED)


def _arms(
    choice: Choice, guards: tuple[Guard, ...]
) -> Iterator[tuple[tuple[Guard, ...], tuple[Piece, ...], Expression | None]]:
    before = guards
    for arm in choice.arms:
        if arm.test is None:
            yield before, arm.body, None
        else:
            yield (*before, Guard(arm.test, True)), arm.body, arm.test
            before = (*before, Guard(arm.test, False))


class Reading:
    """One message as its recipients would read it: a `PartReading` for every part that has a source."""

    def __init__(self, programs: Mapping[Part, Program], audience: Audience | None) -> None:
        self.audience = audience
        inputs = None if audience is None else Inputs(audience)
        self.parts = {part: PartReading(program, audience, inputs) for part, program in programs.items()}

    @property
    def regions(self) -> list[Region]:
        """The regions of all parts."""
        return [region for part in self.parts.values() for region in part.regions]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that any part reads."""
        return tuple(sorted({c for part in self.parts.values() for c in part.columns}))

    @property
    def templates(self) -> dict[Part, Template]:
        """The parsed source of each part."""
        return {part: reading.program.template for part, reading in self.parts.items()}

    def skipped(self) -> Who:
        """Those whom the platform would leave out because of the template."""
        who = NOBODY
        for part in self.parts.values():
            if part.program.fatal:
                return EVERYONE
            for region in (*part.regions, *part.tests):
                here = region.of_kind(OutcomeKind.SKIPPED)
                who = who | here
        return who

    def render(self, row: Row) -> dict[Part, Rendered]:
        """All parts for one recipient."""
        return {part: reading.render(row) for part, reading in self.parts.items()}
