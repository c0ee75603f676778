"""What each recipient would read, written out: one line per recipient, or the distinct outcomes with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

import msgspec

from presend.audience.engine import Audience, Who
from presend.audience.values import Row, row_of
from presend.check import Level, Need, Rule, Rulebook
from presend.dialects.base import (
    Choice,
    Emit,
    Expression,
    Issue,
    IssueKind,
    Outcome,
    OutcomeKind,
    Piece,
    Span,
    Text,
    unknown,
)
from presend.mail import Mail, Opened
from presend.model import Part, Platform, Severity
from presend.model.claim import Claim
from presend.reading import EVERYONE, NOBODY, PartReading, Reading, Region, Rendered
from presend.reading.excerpt import around, mask

SHOWN = 5
"""Distinct texts shown of one region; the others are counted."""
SNIPPET = 60
"""Characters of a tag's source that are quoted."""

ORDER = (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN, OutcomeKind.LITERAL, OutcomeKind.BLANK, OutcomeKind.PRINTED)
"""Outcomes, worst first."""

_LITERAL = (IssueKind.BROKEN_TAG, IssueKind.FOREIGN_TAG, IssueKind.PLACEHOLDER)


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One recipient's message as `presend read --format jsonl` writes it; a part that cannot be told is null."""

    recipient_id: str
    subject: str | None
    preview_text: str | None
    from_name: str | None
    html: str | None
    text: str | None
    outcome: str
    """`printed`, `skipped` (the platform would leave this recipient out) or `unknown`."""
    reason: str
    message: str = ""
    """The variant, only where a campaign has several."""


def lines(reading: Reading, audience: Audience, message: str = "") -> Iterator[Line]:
    """One line for every recipient, from that recipient's own values."""
    columns = reading.columns
    for batch in audience.rows(EVERYONE, columns):
        for one in batch:
            yield line(reading, one.id, row_of(columns, one.cells), message)


def line(reading: Reading, recipient: str, row: Row, message: str = "") -> Line:
    """What one recipient would get; nothing at all where the platform would skip them."""
    rendered = reading.render(row)
    kinds = {part: _kind(reading.parts[part], row, found) for part, found in rendered.items()}
    outcome = next((kind for kind in ORDER[:2] if kind in kinds.values()), OutcomeKind.PRINTED)
    reasons = [
        why
        for part, kind in kinds.items()
        if kind is outcome and outcome is not OutcomeKind.PRINTED
        for why in _reasons(reading.parts[part], row, kind)
    ]

    def text(part: Part) -> str | None:
        exact = kinds.get(part) is OutcomeKind.PRINTED and outcome is not OutcomeKind.SKIPPED
        return rendered[part].text if exact else None

    return Line(
        recipient_id=recipient,
        subject=text(Part.SUBJECT),
        preview_text=text(Part.PREVIEW_TEXT),
        from_name=text(Part.FROM_NAME),
        html=text(Part.HTML),
        text=text(Part.TEXT),
        outcome=outcome.value,
        reason="; ".join(dict.fromkeys(reasons)),
        message=message,
    )


def _kind(part: PartReading, row: Row, found: Rendered) -> OutcomeKind:
    """PRINTED only where every region is known, HubSpot's own defaults among them."""
    if found.kind is not OutcomeKind.PRINTED or part.program.template.platform is not Platform.HUBSPOT:
        return found.kind
    return OutcomeKind.UNKNOWN if any(_stops(part, part.program.pieces, row)) else found.kind


def _reasons(part: PartReading, row: Row, kind: OutcomeKind) -> Iterator[str]:
    """Why a part is skipped or not known, with the region that makes it so."""
    if part.program.fatal:
        yield f"{part.part.value}: {part.program.fatal}"
        return
    stops = [(e, o) for e, o in _stops(part, part.program.pieces, row) if o.kind is kind]
    yield from (f"{where(part, e.span)} {_short(e.source)}: {o.reason}" for e, o in stops)


def _stops(part: PartReading, pieces: Sequence[Piece], row: Row) -> Iterator[tuple[Expression, Outcome]]:
    """What this recipient meets that is skipped or not known, in order."""
    for piece in pieces:
        match piece:
            case Text():
                continue
            case Emit(expression):
                outcome = _evaluate(part, expression, row)
                if outcome.kind in ORDER[:2]:
                    yield expression, outcome
            case Choice():
                yield from _stops_in(part, piece, row)
            case _:
                assert_never(piece)


def _stops_in(part: PartReading, choice: Choice, row: Row) -> Iterator[tuple[Expression, Outcome]]:
    for arm in choice.arms:
        truth = None if arm.test is None else _evaluate(part, arm.test, row)
        if arm.test is not None and truth is not None and truth.kind in ORDER[:2]:
            yield arm.test, truth
            return
        if truth is None or truth.kind is OutcomeKind.PRINTED:
            yield from _stops(part, arm.body, row)
            return


def _evaluate(part: PartReading, expression: Expression, row: Row) -> Outcome:
    own = {name: row[name] for name in expression.columns if name in row}
    return _seen(part, expression, own, expression.evaluate(own))


def _unread(part: PartReading, expression: Expression) -> bool:
    """Whether the account may have a default for a token that no interface tells: HubSpot's, unless we were told."""
    token = expression.bare and not expression.test and bool(expression.columns)
    return token and expression.fallback is None and part.program.template.platform is Platform.HUBSPOT


def _seen(part: PartReading, expression: Expression, row: Row, outcome: Outcome) -> Outcome:
    """The outcome, but unknown for those without a value where the account's default for the token was not read."""
    if outcome.kind is not OutcomeKind.BLANK or not _unread(part, expression):
        return outcome
    if any(value not in (None, "") for value in row.values()):
        return outcome
    column = ", ".join(expression.columns)
    return unknown(
        f"there is no value, and whether the account has a default for {column} cannot be read from here; "
        "say it in presend.toml under [defaults.<account>]"
    )


def where(part: PartReading, span: Span) -> str:
    """`html 12:9`: the part, line and column of a place, counted from 1."""
    line_ = part.source.count("\n", 0, span.start) + 1
    column = span.start - part.source.rfind("\n", 0, span.start)
    return f"{part.part.value} {line_}:{column}"


def _short(source: str) -> str:
    words = " ".join(source.split())
    return words if len(words) <= SNIPPET else words[: SNIPPET - 1] + "\u2026"


# ------------------------------------------------------------------------------------------ distinct outcomes


@dataclass(frozen=True, slots=True)
class Distinct:
    """One thing that some recipients read at one place."""

    kind: OutcomeKind
    count: int
    where: str
    snippet: str
    reads: str
    """What stands there and around it, or the reason why it cannot be said."""


def totals(reading: Reading, audience: Audience) -> dict[OutcomeKind, int]:
    """How many recipients have each outcome as their worst; together they are the audience."""
    worst: dict[OutcomeKind, Who] = dict.fromkeys(ORDER[:-1], NOBODY)
    for part in reading.parts.values():
        if part.program.fatal:
            worst[OutcomeKind.SKIPPED] = EVERYONE
        for region in (*part.regions, *part.tests):
            for kind in ORDER[:-1]:
                if _counts(region.expression, kind):
                    worst[kind] = worst[kind] | region.of_kind(kind)
            if _unread(part, region.expression):
                worst[OutcomeKind.UNKNOWN] = worst[OutcomeKind.UNKNOWN] | _unread_by(region)
        for issue in _literals(part):
            worst[OutcomeKind.LITERAL] = worst[OutcomeKind.LITERAL] | part.surely(issue.span.start)
    found: dict[OutcomeKind, int] = {}
    before = NOBODY
    for kind in ORDER[:-1]:
        found[kind] = audience.count(worst[kind] & ~before)
        before = before | worst[kind]
    found[OutcomeKind.PRINTED] = audience.size - sum(found.values())
    return found


def _unread_by(region: Region) -> Who:
    part, expression = region.reading, region.expression
    return region.who(lambda row, o: _seen(part, expression, row, o).kind is not o.kind)


def outcomes(reading: Reading, audience: Audience, *, show_pii: bool) -> list[Distinct]:
    """The distinct outcomes of every personalised place, worst first, then by how many read them."""
    found: list[Distinct] = []
    for part in reading.parts.values():
        if part.program.fatal:
            found.append(Distinct(OutcomeKind.SKIPPED, audience.size, part.part.value, "", part.program.fatal))
            continue
        found += _of_issues(part, audience, show_pii=show_pii)
        for region in (*part.regions, *part.tests):
            found += _of_region(region, audience, show_pii=show_pii)
    return sorted((one for one in found if one.count), key=lambda one: (ORDER.index(one.kind), -one.count))


def _of_region(region: Region, audience: Audience, *, show_pii: bool) -> Iterator[Distinct]:
    expression, part = region.expression, region.reading
    counts: dict[OutcomeKind, Counter[str]] = {}
    for entry in region.entries():
        outcome = _seen(part, expression, row_of(expression.columns, entry.cells), entry.outcome)
        if _counts(expression, outcome.kind):
            text = _key(outcome, expression, show_pii=show_pii)
            counts.setdefault(outcome.kind, Counter())[text] += entry.count

    def told(kind: OutcomeKind, texts: frozenset[str], reads: str | None) -> Distinct:
        def is_told(row: Row, outcome: Outcome) -> bool:
            seen = _seen(part, expression, row, outcome)
            return seen.kind is kind and _key(seen, expression, show_pii=show_pii) in texts

        who = region.who(is_told)
        words = _reads(part, who, expression.span, audience, show_pii=show_pii) if reads is None else reads
        return Distinct(kind, audience.count(who), where(part, expression.span), _short(expression.source), words)

    for kind, texts in counts.items():
        ranked = [text for text, _count in texts.most_common()]
        for text in ranked[:SHOWN]:
            yield told(kind, frozenset({text}), text if kind in ORDER[:2] else None)
        if rest := frozenset(ranked[SHOWN:]):
            yield told(kind, rest, f"({len(rest):,} other texts)")


def _counts(expression: Expression, kind: OutcomeKind) -> bool:
    """Whether an outcome is a reader's: conditions print nothing, and what the platform fills in stands as its tag.

    Nor does a tag that only gives a value a name.
    """
    if expression.test:
        return kind in ORDER[:2]
    return not (expression.effect and kind in (OutcomeKind.LITERAL, OutcomeKind.BLANK))


def _key(outcome: Outcome, expression: Expression, *, show_pii: bool) -> str:
    """What tells one outcome from another: the reason where nothing surely prints, else the text as it is shown."""
    if outcome.kind in ORDER[:2]:
        return outcome.reason
    return outcome.text if show_pii or not expression.columns else mask(outcome.text)


def _reads(part: PartReading, who: Who, span: Span, audience: Audience, *, show_pii: bool) -> str:
    """What the first of some recipients reads around a place."""
    for one in audience.sample(who, part.columns, 1):
        rendered = part.render(row_of(part.columns, one.cells))
        place = rendered.place(span.start, span.end)
        if place is not None:
            return around(part, rendered, *place, show_pii=show_pii)
    return ""


# ------------------------------------------------------------------------------------------------- the ledger

_LOOKING = Rule(
    "", "claims", (), Severity.INFO, frozenset({Need.PARTS, Need.FACTS, Need.SCHEDULE}), Level.MESSAGE,
    lambda _mail: iter(()), "", __name__,
)  # fmt: skip
"""What a ledger may look at; it is no check, and finds nothing."""


def claims(opened: Opened, books: Iterable[Rulebook]) -> list[tuple[str, Claim]]:
    """What a message says of its readers, by the installed rule books, with where it stands; needs recipients."""
    mail = Mail(opened, _LOOKING)
    return [(_place(opened, one), one) for book in books if book.claims is not None for one in book.claims(mail)]


def _place(opened: Opened, claim: Claim) -> str:
    part = opened.reading.parts.get(claim.at.part)
    start, end = claim.at.start, claim.at.end
    return claim.at.part.value if part is None or start is None else where(part, Span(start, end or start))


# --------------------------------------------------------------------------- tags that the platform does not see


def _literals(part: PartReading) -> list[Issue]:
    """Text that was meant as a tag and surely shows as it stands."""
    return [] if part.program.fatal else [i for i in part.program.issues if i.kind in _LITERAL and i.reads]


def _of_issues(part: PartReading, audience: Audience, *, show_pii: bool) -> Iterator[Distinct]:
    for issue in _literals(part):
        who = part.surely(issue.span.start)
        reads = _reads(part, who, issue.span, audience, show_pii=show_pii) or issue.reads
        yield Distinct(OutcomeKind.LITERAL, audience.count(who), where(part, issue.span), _short(issue.source), reads)
