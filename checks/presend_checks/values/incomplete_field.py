"""VAL007: how many recipients have the fields that the copy and the segment rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from presend.check import Need, check
from presend.dialects.base import OutcomeKind
from presend.mail import Mail
from presend.model import NAMES, Hit, Location, Part, Role, Severity, role_of
from presend.reading import Who, anybody
from presend_checks._fields import EVERYBODY_HAS, spaced
from presend_checks._numbers import lacking, share

_EXISTENCE = ("blank", "set", "know", "exist", "propert")
"""Operators that ask whether there is a value at all: lacking one is what they look for."""
_DENIAL = re.compile(r"(?:^|[^a-z])(?:not|none|lacks|exclude[sd]?|never)(?=[^a-z]|$)|^not")
"""Operators that keep a value out: a mark that few people have is mostly lacking, and those are whom one means."""
_WISH = re.compile(
    r"\b(?:no|not|dont|don t|without|skip|mute[ds]?|hide|pauses?|exclude[ds]?|opt(?:ed)? ?out|unsubscribed?|declined?"
    r"|ohne|kein\w*|sans|sin)\b"
)
"""Names of what people asked not to get: who asked for nothing has none."""
_TICKED = frozenset(("true", "yes", "y", "1", "on", "x", "ja", "oui", "si", "sí", "checked", "ticked"))
"""What a ticked box holds; one that is not ticked holds nothing on many forms."""


@check(
    "VAL007",
    "incomplete-field",
    mishaps=["M05"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.AUDIENCE, Need.SEGMENT],
    options={"min_coverage": 0.67, "min_recipients": 20},
)
def incomplete_field(mail: Mail) -> Iterator[Hit]:
    """Many recipients lack a field that the copy or the segment relies on, so that the fallback is the rule.

    Why it matters
    A fallback is meant for the few. Where it stands in for a third of the audience or more, the sentence was written
    for the others, and a condition on such a field sorts people by who once filled in a form.

    How to fix
    Ask for the field, fill it from another source, or rewrite the sentence so that it is good without.

    Known limits
    A field below `min_coverage` (a share, 0.67) is medium where a fallback stands in for it, or a condition or the
    segment compares it. A segment that only keeps a value out counts for places and dates of birth, which everybody
    has: not to have the mark of few people is the custom. Neither counts a box that some have ticked (it only ever says
    yes), nor what some asked not to get (by the field's name). The coverage of all other fields in use is one line of
    severity info. A name with a fallback is among these: "Hi there" is how greetings are. What prints blank is
    no-fallback's, and a condition that only asks whether there is a value is the remedy and not the fault. White space
    counts as lacking. Among fewer than `min_recipients` (20) a share says little, and all is severity info. All
    recipients count, also those whom a condition keeps from the place.
    """
    size = mail.audience.size
    rest: list[tuple[str, Who]] = []
    for column, use in _uses(mail).items():
        who, missing = lacking(mail, column)
        if not missing:
            continue
        coverage = f"{column}: {share(size - missing, size)}"
        enough = size < mail.options["min_recipients"] or (size - missing) / size >= mail.options["min_coverage"]
        if use.relied_on is None or enough:
            rest.append((coverage, who))
            continue
        yield Hit(
            use.relied_on,
            f"{coverage} of the recipients have a value, and {use.how}.",
            f"Fill {column} before the send, or write the copy so that it is good without it.",
            who=who,
            column=column,
            reason=f"{column} is missing",
        )
    if rest:
        everyone = anybody(who for _coverage, who in rest)
        yield Hit(
            Location(Part.AUDIENCE, expression="coverage"),
            f"Recipients who have the fields in use: {'; '.join(coverage for coverage, _who in rest)}.",
            "Nothing to do, as long as the copy reads well without them.",
            who=everyone,
            severity=Severity.INFO,
        )


@dataclass(slots=True)
class _Use:
    """How a column is used: where it is relied on and why, None where a missing value does no harm of this kind."""

    relied_on: Location | None = None
    how: str = ""

    def rely(self, at: Location, how: str) -> None:
        if self.relied_on is None:
            self.relied_on, self.how = at, how


def _uses(mail: Mail) -> dict[str, _Use]:
    found: dict[str, _Use] = {}
    for part in mail.parts:
        for region in part.regions:
            expression = region.expression
            covered = bool((expression.fallback or "").strip()) and region.missing().kind is OutcomeKind.PRINTED
            for column in expression.columns:
                use = found.setdefault(column, _Use())
                if covered and role_of(column, mail.labels.get(column, "")) not in NAMES:
                    use.rely(mail.at(part, region), "the fallback stands in for all others")
        for test in part.tests:
            for one in test.expression.compares:
                use = found.setdefault(one.column, _Use())
                if one.op != "truthy" and not _is_mark(mail, one.column):
                    use.rely(mail.at(part, test), "a condition compares it")
    for condition in mail.segment.conditions:
        use = found.setdefault(condition.column, _Use())
        op = condition.op.casefold().replace("_", " ")
        if any(word in op for word in _EXISTENCE):
            continue
        role = role_of(condition.column, mail.labels.get(condition.column, ""))
        if role in EVERYBODY_HAS or not (_DENIAL.search(op) or _is_mark(mail, condition.column)):
            use.rely(Location(Part.SEGMENT, expression=condition.column), "the segment is made by it")
    return {column: use for column, use in found.items() if _is_field(mail, column)}


def _is_mark(mail: Mail, column: str) -> bool:
    """Whether it holds what some people asked for, or a box that some have ticked: the others have not, and said so."""
    if role_of(column, mail.labels.get(column, "")) in EVERYBODY_HAS:
        return False
    if any(_WISH.search(spaced(name).casefold()) for name in (column, mail.labels.get(column, ""))):
        return True
    said = {str(value).strip().casefold() for value, _cell, _count in islice(mail.values(column), 20)} - {""}
    return bool(said) and said <= _TICKED


def _is_field(mail: Mail, column: str) -> bool:
    """Whether it is a field that people fill: no fact, no group, no address, and no name that the account lacks."""
    if column.startswith("@") or role_of(column) is Role.EMAIL:
        return False
    return column in mail.labels if mail.labels else ":" not in column
