"""What the tests of Klaviyo's dialect share: compiling, walking the pieces, reading them for one row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from presend.dialects.base import (
    Choice,
    Emit,
    Expression,
    Issue,
    IssueKind,
    Outcome,
    OutcomeKind,
    Program,
    Scene,
    Text,
)
from presend.dialects.klaviyo import KlaviyoDialect
from presend.model import Field, Kind, Part, Vocabulary

NOW = datetime(2026, 11, 22, 9, 5, 3, tzinfo=UTC)
DIALECT = KlaviyoDialect()
VOCABULARY = Vocabulary(
    fields=tuple(Field(tag) for tag in ("first_name", "vip", "points", "Favorite Color", "plan", "location.city")),
    complete=True,
)


def compiled(
    source: str, part: Part = Part.HTML, vocabulary: Vocabulary = VOCABULARY, kind: Kind = Kind.CAMPAIGN
) -> Program:
    return DIALECT.compile(DIALECT.parse(source, part), vocabulary, Scene(NOW, kind))


def expressions(pieces: tuple[Any, ...]) -> list[Expression]:
    found: list[Expression] = []
    for piece in pieces:
        match piece:
            case Emit():
                found.append(piece.expression)
            case Choice():
                for arm in piece.arms:
                    found += [arm.test] if arm.test else []
                    found += expressions(arm.body)
    return found


def restricted(expression: Expression, row: dict[str, Any]) -> dict[str, Any]:
    return {column: row[column] for column in expression.columns if column in row}


def read(pieces: tuple[Any, ...], row: dict[str, Any]) -> Outcome:
    """The whole text for a row; the first expression that is skipped or unknown decides."""
    parts: list[str] = []
    for piece in pieces:
        match piece:
            case Text():
                parts.append(piece.text)
                continue
            case Emit():
                outcome = piece.expression.evaluate(restricted(piece.expression, row))
            case Choice():
                outcome = chosen(piece, row)
        if outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN):
            return outcome
        parts.append(outcome.text)
    return Outcome(OutcomeKind.PRINTED, "".join(parts))


def chosen(choice: Choice, row: dict[str, Any]) -> Outcome:
    for arm in choice.arms:
        if arm.test is not None:
            outcome = arm.test.evaluate(restricted(arm.test, row))
            if outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN):
                return outcome
            if outcome.kind is OutcomeKind.BLANK:
                continue
        return read(arm.body, row)
    return Outcome(OutcomeKind.PRINTED, "")


def arrives(source: str, row: dict[str, Any], part: Part = Part.HTML, **more: Any) -> Outcome:
    return read(compiled(source, part, **more).pieces, row)


def only(issues: tuple[Issue, ...], kind: IssueKind) -> Issue:
    found = [issue for issue in issues if issue.kind is kind]
    assert len(found) == 1, issues
    return found[0]
