"""TAG013: a condition that misses people by a capital, a space or a type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from presend.check import Need, check
from presend.dialects.base import Comparison, Expression, IssueKind, Outcome, OutcomeKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Kind, Severity
from presend.reading import NOBODY, PartReading, Region
from presend_checks.tags._impossible import is_impossible
from presend_checks.tags._places import ORDERINGS, issue_at, orders_texts, readers

Row = Mapping[str, Any]
_Compared = dict[tuple[str, type, Any], list[Comparison]]
_LANGUAGES = frozenset({"MC_LANGUAGE", "locale", "hs_language"})
"""Where each platform keeps a person's language; a comparison takes the whole of it and not its beginning."""
_QUOTED = re.compile(r"""\s*["'“”‘’](.+)["'“”‘’]\s*""")
_FLAGS = {True: ("yes", "y", "on", "1"), False: ("no", "n", "off", "0")}
"""What people write for a flag that is stored as true or false."""
_OTHERS = (IssueKind.UNKNOWN_NAME, IssueKind.SYNTAX, IssueKind.EVENT_DATA, IssueKind.FOREIGN_TAG)
"""What other checks speak of."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DECIDED = {OutcomeKind.PRINTED, OutcomeKind.BLANK}


@check("TAG013", "never-matches", mishaps=["M03"], severity=Severity.MEDIUM, needs=[Need.PARTS])
def never_matches(mail: Mail) -> Iterator[Hit]:
    """A condition misses people whose value differs only by capitals, spaces or type from what it compares with.

    Why it matters
    `VIP = Yes` is false for "yes" and for "Yes ", and a number that is stored as text is never greater than 100. Those
    people read the other branch, and nothing looks wrong in the preview.

    How to fix
    Compare with the value as it is stored, cover its other spellings, or mend the field.

    Known limits
    A value that nobody has, and that nobody nearly has, is not reported: the campaign may be waiting for it. Where some
    have exactly the value compared with, confidence is medium: the others may be told apart on purpose. Whether
    Mailchimp takes quotes around a literal as part of it is not documented: medium confidence too. Comparisons that
    exclude each other are found inside one condition, not between one and the next. A file of people that keeps no
    types, as a CSV file, cannot tell whether its numbers are numbers on the platform: low confidence, unless `--fields`
    says of Klaviyo's that they are.
    """
    if not mail.has_audience:
        return
    compared = _by_value(c for region in mail.tests() for c in region.expression.compares)
    for part in mail.parts:
        for region in part.tests:
            if issue_at(part, region.expression.span, *_OTHERS) is None:
                yield from _judged(mail, part, region, compared)


def _judged(mail: Mail, part: PartReading, region: Region, compared: _Compared) -> Iterator[Hit]:
    expression = region.expression
    if is_impossible(expression):
        who, sure = readers(mail, part, expression.span.start)
        says = "No value can meet all that the condition asks for at once: it never holds."
        fix = "Write “or” between what may be the one or the other, or set the limits right."
        if who != NOBODY and sure:
            yield Hit(mail.at(part, region), says, fix, who=who)
        return
    if orders_texts(part, region):
        who = region.of_kind(OutcomeKind.UNKNOWN)
        issue = issue_at(part, expression.span, IssueKind.UNRELIABLE)
        if issue is not None and mail.audience.count(who):
            # That texts are ordered as texts is told by many; of dates nobody says anything.
            dates = any("date" in entry.outcome.reason for entry in region.entries())
            confidence = Confidence.MEDIUM if dates else Confidence.HIGH
            if _typeless(mail, region, expression.columns):
                confidence = Confidence.LOW
            says = f"{issue.says} For some it is anybody's guess which branch they read."
            yield Hit(mail.at(part, region), says, issue.fix, who=who, confidence=confidence)
        return
    for comparison in expression.compares:

        def missed(row: Row, outcome: Outcome, one: Comparison = comparison) -> bool:
            return _to_blame(expression, one, row, outcome, compared)

        who = region.who(missed)
        if not mail.audience.count(who):
            continue
        column, ordered = comparison.column, comparison.op in ORDERINGS
        quoted = not ordered and _bare(comparison.literal) is not None
        exact = quoted or any(_same(mail.row(expression.columns, e.cells), comparison) for e in region.entries())
        values = [mail.row(expression.columns, e.cells).get(column) for e in region.entries()]
        lists = comparison.op in ("==", "!=") and any(isinstance(value, list) for value in values)
        fix = f"Ask whether {comparison.literal!r} is in it." if lists else f"Compare with {column} as it is stored"
        yield Hit(
            mail.at(part, region),
            _says(column, ordered=ordered, quoted=quoted, lists=lists),
            fix if lists else f"{fix}, or mend its values.",
            who=who,
            confidence=_confidence(exact=exact, typeless=ordered and _typeless(mail, region, (column,))),
            column=column,
        )
        return


def _confidence(*, exact: bool, typeless: bool) -> Confidence:
    if typeless:
        return Confidence.LOW
    return Confidence.MEDIUM if exact else Confidence.HIGH


def _typeless(mail: Mail, region: Region, columns: Iterable[str]) -> bool:
    """Whether the people come from a file, and their values are numbers without a type, as in every CSV file."""
    if mail.kind is not Kind.TEMPLATE:
        return False
    rows = [mail.row(region.expression.columns, entry.cells) for entry in region.entries()]
    values = [value for row in rows for column in columns if (value := row.get(column)) not in (None, "")]
    return bool(values) and all(isinstance(value, str) and _NUMBER.fullmatch(value) for value in values)


def _by_value(comparisons: Iterable[Comparison]) -> _Compared:
    """The different comparisons by column and literal, at most two of each: enough to find one that is not oneself."""
    found: _Compared = {}
    for one in comparisons:
        same = found.setdefault(_key(one.column, one.literal), [])
        if len(same) < 2 and one not in same:
            same.append(one)
    return found


def _key(column: str, value: Any) -> tuple[str, type, Any]:
    """The same for literals and values that are `_equal`."""
    return column, _kind(value), value if isinstance(value, str | int | float | None) else repr(value)


def _says(column: str, *, ordered: bool, quoted: bool, lists: bool) -> str:
    if lists:
        return f"The condition compares {column} with a text, but it is a list, which no text is equal to."
    if ordered:
        return (
            f"The condition compares {column} as a number, but for some recipients it is stored as text, not as a "
            "number, and never passes."
        )
    how = "does not have the quotes" if quoted else "differs only by capitals, spaces or type from what"
    if column in _LANGUAGES and not quoted:
        other = "names a country too (fr_CA is not fr), or differs by a capital"
        return f"The condition misses recipients whose {column} {other}."
    return f"The condition misses recipients whose {column} {how} {'that ' if quoted else ''}it compares with."


def _to_blame(expression: Expression, one: Comparison, row: Row, outcome: Outcome, compared: _Compared) -> bool:
    """Whether writing the value as the condition has it would change which branch this recipient reads."""
    if one.column not in row:
        return False
    value = row[one.column]
    if any(other != one for other in compared.get(_key(one.column, value), ())):
        return False  # another condition has it as it is
    bare = _bare(one.literal) if one.op in ("==", "!=") else None
    if bare is not None and _near(value, bare) and not _equal(value, one.literal):
        # With the quotes in the value the condition may pass, or, where they may not count, no longer be decided.
        with_quotes = expression.evaluate({**row, one.column: one.literal})
        other = expression.evaluate({**row, one.column: f"not {bare}"})
        return other.kind in _DECIDED and (outcome.kind, with_quotes.kind) != (other.kind, other.kind)
    if outcome.kind not in _DECIDED:
        return False
    for instead in _repaired(value, one):
        after = expression.evaluate({**row, one.column: instead})
        if after.kind in _DECIDED and after.kind is not outcome.kind:
            return True
    return False


def _repaired(value: Any, one: Comparison) -> Iterator[Any]:
    """What the value may have been meant to be, in the condition's eyes."""
    if one.op in ORDERINGS:
        if isinstance(value, str) and isinstance(one.literal, int | float) and (number := _number(value)) is not None:
            yield number
    elif one.op == "contains" and isinstance(value, list):
        if one.literal not in value and any(_near(item, one.literal) for item in value):
            yield [one.literal if _near(item, one.literal) else item for item in value]
    elif one.op in ("==", "!=", "in"):
        literals = one.literal if isinstance(one.literal, list | tuple) else [] if one.op == "in" else [one.literal]
        items = value if isinstance(value, list) else [value]
        if not any(_equal(value, literal) for literal in literals):
            yield from (
                literal
                for literal in literals
                if _is_spoken(one, value, literal) or any(_near(item, literal) for item in items)
            )


def _is_spoken(one: Comparison, value: Any, literal: Any) -> bool:
    """Whether a language is compared with, and the value names a country's form of it: `fr_CA` is not `fr`."""
    if one.column not in _LANGUAGES or not isinstance(value, str) or not isinstance(literal, str):
        return False
    head, _, country = value.replace("-", "_").partition("_")
    return bool(country) and "_" not in literal.replace("-", "_") and head.casefold() == literal.strip().casefold()


def _bare(literal: Any) -> str | None:
    """What stands between the quotes that are part of a literal; None where there are none."""
    found = _QUOTED.fullmatch(literal) if isinstance(literal, str) else None
    return found[1] if found else None


def _number(text: str) -> int | float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return int(found) if found.is_integer() else found if abs(found) < 1e15 else None


def _equal(left: Any, right: Any) -> bool:
    """Same kind of value and same value; a language's own subclass of text is text, and True is not 1."""
    return _kind(left) is _kind(right) and bool(left == right)


def _kind(value: Any) -> type:
    if isinstance(value, bool):
        return bool
    return str if isinstance(value, str) else float if isinstance(value, int | float) else type(value)


def _near(value: Any, literal: Any) -> bool:
    if isinstance(value, bool) and isinstance(literal, str) and literal.strip().casefold() in _FLAGS[value]:
        return True
    return isinstance(value, str | int | float) and _folded(value) == _folded(literal) and _folded(value) != ""


def _folded(value: Any) -> str:
    return " ".join(str(value).split()).casefold()


def _same(row: Row, one: Comparison) -> bool:
    """Whether somebody has the very value; for orderings, whether somebody has a number."""
    value = row.get(one.column)
    if one.op in ORDERINGS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if one.op == "contains":
        return isinstance(value, list) and one.literal in value
    literals = one.literal if isinstance(one.literal, list | tuple) else [one.literal]
    return any(_equal(value, literal) for literal in literals)
