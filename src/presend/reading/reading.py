"""Reading a message as each of its recipients would: regions, who reaches them, what they print."""

from __future__ import annotations

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
    Outcome,
    OutcomeKind,
    Piece,
    Program,
    Text,
)
from presend.model import Part
from presend.reading.inputs import Inputs
from presend.reading.tables import Entry, Table, Test


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on the way to a region, and whether it must be true or false for the region to print."""

    test: Expression
    wanted: bool


@dataclass(frozen=True, slots=True)
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

    def doubt(self, start: int, row: Row) -> str:
        """Why nobody can say what this recipient reads at the source's `start`; empty where it is known."""
        for _at, _until, expression in self.marks:
            if _covers(expression, start):
                outcome = expression.evaluate(_restrict(expression, row))
                return outcome.reason if outcome.kind is OutcomeKind.UNKNOWN else ""
        return ""

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the source's [start, end) stands in `text`; None when this recipient does not get to read it."""
        for at, until, expression in self.marks:
            if _covers(expression, start):
                return at, until
        for at, source, length in self.texts:
            if source <= start < source + length:
                return at + start - source, at + min(end - source, length)
        return next(((at, at) for at, source in self.gaps if source == start), None)


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
        self._tables: dict[int, Table] = {}

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

    def table(self, expression: Expression) -> Table:
        """The expression's outcomes over this audience. Raises ValueError where there is no audience."""
        if self.audience is None or self._inputs is None:
            raise ValueError("a template without an audience has no recipients to ask about")
        return self._tables.setdefault(id(expression), Table(expression, self.audience, self._inputs))

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
        if self.program.fatal:
            return Rendered(OutcomeKind.SKIPPED, "", self.program.fatal)
        sink = _Sink()
        stop = _render(self.program.pieces, row, sink)
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


def _covers(expression: Expression, start: int) -> bool:
    return expression.span.start <= start < expression.span.end


def _restrict(expression: Expression, row: Row) -> Row:
    return {name: row[name] for name in expression.columns if name in row}


class _Sink:
    """Collects what prints, and where each expression's output stands."""

    __slots__ = ("gaps", "length", "marks", "out", "texts")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.marks: list[tuple[int, int, Expression]] = []
        self.texts: list[tuple[int, int, int]] = []
        self.gaps: list[tuple[int, int]] = []
        self.length = 0

    def literal(self, piece: Text) -> None:
        """Write a stretch that is the same for everybody."""
        self.texts.append((self.length, piece.span.start, len(piece.text)))
        self.out.append(piece.text)
        self.length += len(piece.text)

    def write(self, text: str, expression: Expression) -> None:
        """Write what an expression gave."""
        start = self.length
        self.out.append(text)
        self.length += len(text)
        self.marks.append((start, self.length, expression))

    def leave_out(self, choice: Choice) -> None:
        """Note a choice that prints nothing here."""
        self.gaps.append((self.length, choice.span.start))

    def close(self, kind: OutcomeKind, reason: str = "") -> Rendered:
        """What was collected, as the part's rendering."""
        return Rendered(kind, "".join(self.out), reason, tuple(self.marks), tuple(self.texts), tuple(self.gaps))


def _render(pieces: tuple[Piece, ...], row: Row, sink: _Sink) -> Outcome | None:
    """Write what prints; the first outcome that stops exactness (skipped beats unknown), or None."""
    doubt: Outcome | None = None
    stop: Outcome | None
    for piece in pieces:
        match piece:
            case Text():
                sink.literal(piece)
                continue
            case Emit(expression):
                outcome = expression.evaluate(_restrict(expression, row))
                sink.write(outcome.text, expression)
                stop = outcome if outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN) else None
            case Choice():
                stop = _render_choice(piece, row, sink)
            case _:
                assert_never(piece)
        if stop is not None and stop.kind is OutcomeKind.SKIPPED:
            return stop
        doubt = doubt or stop
    return doubt


def _render_choice(choice: Choice, row: Row, sink: _Sink) -> Outcome | None:
    for arm in choice.arms:
        if arm.test is None:
            return _render(arm.body, row, sink)
        truth = arm.test.evaluate(_restrict(arm.test, row))
        match truth.kind:
            case OutcomeKind.PRINTED:
                return _render(arm.body, row, sink)
            case OutcomeKind.SKIPPED | OutcomeKind.UNKNOWN:
                return truth
            case OutcomeKind.BLANK | OutcomeKind.LITERAL:
                continue
    sink.leave_out(choice)
    return None


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
