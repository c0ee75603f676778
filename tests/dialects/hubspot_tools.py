"""What the tests of the HubSpot dialect share: an account, and short ways to compile and to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from presend.dialects.base import Choice, Emit, Expression, Issue, IssueKind, OutcomeKind, Piece, Program, Scene
from presend.dialects.hubspot import HubspotDialect
from presend.model import Field, Kind, Part, Vocabulary

DIALECT = HubspotDialect()
NAMES = ("firstname", "lastname", "email", "city", "company", "points", "vip", "website")
ACCOUNT = Vocabulary(fields=tuple(Field(name) for name in NAMES), complete=True)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def compiled(
    source: str,
    *,
    programmable: bool | None = False,
    part: Part = Part.HTML,
    vocabulary: Vocabulary = ACCOUNT,
    kind: Kind = Kind.CAMPAIGN,
) -> Program:
    scene = Scene(now=NOW, kind=kind, options={"programmable": programmable})
    return DIALECT.compile(DIALECT.parse(source, part), vocabulary, scene)


def expressions(pieces: Sequence[Piece]) -> Iterator[Expression]:
    for piece in pieces:
        if isinstance(piece, Emit):
            yield piece.expression
        elif isinstance(piece, Choice):
            for arm in piece.arms:
                if arm.test:
                    yield arm.test
                yield from expressions(arm.body)


def first(source: str, **options: Any) -> Expression:
    return next(expressions(compiled(source, **options).pieces))


def written(pieces: Sequence[Piece], row: Mapping[str, Any]) -> str:
    """What the pieces print for a row; `?` for what is unknown."""
    out = ""
    for piece in pieces:
        match piece:
            case Emit(expression=expression):
                outcome = expression.evaluate({k: v for k, v in row.items() if k in expression.columns})
                out += "?" if outcome.kind is OutcomeKind.UNKNOWN else outcome.text
            case Choice(arms=arms):
                for arm in arms:
                    answer = arm.test.evaluate(row).kind if arm.test else OutcomeKind.PRINTED
                    if answer is not OutcomeKind.BLANK:
                        out += "?" if answer is OutcomeKind.UNKNOWN else written(arm.body, row)
                        break
            case _:
                out += piece.text
    return out


def issue(source: str, kind: IssueKind, **options: Any) -> Issue:
    found = [each for each in compiled(source, **options).issues if each.kind is kind]
    assert len(found) == 1, compiled(source, **options).issues
    assert source[found[0].span.start : found[0].span.end] == found[0].source
    return found[0]
