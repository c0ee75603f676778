"""A Mailchimp account to read templates for, and short ways to ask what comes of them."""

from __future__ import annotations

from typing import Any

from presend.dialects.base import Choice, Emit, Expression, Issue, OutcomeKind, Piece, Program, Scene, Text
from presend.dialects.mailchimp import MailchimpDialect
from presend.model import Field, Gap, Known, Part, Vocabulary
from presend.reading import PartReading, Rendered
from tests.dialects.runner import NOW

MC = MailchimpDialect()
PRINTED, BLANK, UNKNOWN = OutcomeKind.PRINTED, OutcomeKind.BLANK, OutcomeKind.UNKNOWN


def field(tag: str, type_: str = "text", default: str | Gap = "", names: tuple[str, ...] = ()) -> Field:
    return Field(tag, (tag, *names), type=type_, default=default if isinstance(default, Gap) else Known(default))


ACCOUNT = Vocabulary(
    fields=(
        field("FNAME", names=("MERGE1",)),
        field("LNAME", default="Customer"),
        field("POINTS", "number"),
        field("SCORE"),
        field("PLAN", "dropdown"),
        field("VIP", "radio"),
        field("WEBSITE", "url"),
        field("ADDRESS", "address"),
        field("SINCE", "date"),
        field("BDAY", "birthday"),
        field("PHONE", "phone"),
        field("NICK", default="  "),
        field("PET", default=Gap("the list of fields could not be read")),
    ),
    complete=True,
    groups={"Topic": ("News & Updates", "Offers", "Food, Drink")},
    zone="America/New_York",
)


def compiled(source: str, part: Part = Part.HTML, vocabulary: Vocabulary = ACCOUNT) -> Program:
    return MC.compile(MC.parse(source, part), vocabulary, Scene(now=NOW))


def read(source: str, part: Part = Part.HTML, vocabulary: Vocabulary = ACCOUNT, **row: Any) -> Rendered:
    return PartReading(compiled(source, part, vocabulary), None).render(row)


def issues(source: str, part: Part = Part.HTML, vocabulary: Vocabulary = ACCOUNT) -> list[Issue]:
    return list(compiled(source, part, vocabulary).issues)


def expressions(pieces: tuple[Piece, ...]) -> list[Expression]:
    found: list[Expression] = []
    for piece in pieces:
        match piece:
            case Emit(expression):
                found.append(expression)
            case Choice(_, arms):
                for arm in arms:
                    found.extend([arm.test] if arm.test else [])
                    found.extend(expressions(arm.body))
            case Text():
                pass
    return found


def first(source: str, part: Part = Part.HTML) -> Expression:
    return expressions(compiled(source, part).pieces)[0]
