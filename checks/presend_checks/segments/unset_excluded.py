"""SEG003: people who are in, or out, only because a field is not set."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import CannotTell, Level, Need, check
from presend.mail import Mail
from presend.model import DENYING, Confidence, Definition, Ground, Hit, Leaf, Location, Op, Part, Severity, role_of
from presend.model.segment import leaves, only_definition, verdict
from presend.reading import NOBODY
from presend_checks._fields import EVERYBODY_HAS
from presend_checks._numbers import lacking, share

_WORDS = {Op.IS_NOT: "is not", Op.LACKS: "does not contain"}
"""A denial as people say it."""


@check(
    "SEG003",
    "unset-excluded",
    mishaps=["M22"],
    severity=Severity.LOW,
    needs=[Need.SEGMENT, Need.AUDIENCE],
    level=Level.CAMPAIGN,
    options={"most": 0.5, "usual": 0.67},
)
def unset_excluded(mail: Mail) -> Iterator[Hit]:
    """People are in the audience, or out of it, only because a field of theirs is not set.

    Why it matters
    "Country is not Germany" lets through everybody of whom no country is known, some of them in Germany. Elsewhere the
    same words leave these people out, and nobody notices who gets nothing.

    How to fix
    Add a condition that the field is set, or say outright that people without a value are meant too.

    Known limits
    People who are in are counted among the recipients: the field is theirs to miss, the condition denies a value, and
    without it they would be out. That is certain, and whether it was meant is not: severity is low, and medium for
    places and dates of birth, which everybody has. Where fewer than `usual` (0.67) of the recipients have another
    field, not to have it may be the custom, and confidence is medium; where more than `most` (0.5) lack it, it is taken
    for meant so. People outside are not read, so those who are out cannot be counted; where HubSpot's list itself says
    that they are out, it is told with medium confidence. Conditions of a kind that presend does not know are counted
    under what could not be checked.
    """
    only = only_definition(mail.segment)
    if only is not None:
        for leaf in dict.fromkeys(leaves(only.logic)):
            if leaf.ground is Ground.FIELD and leaf.op in DENYING and _decides(only, leaf):
                yield from _judged(mail, leaf)
    asked = [leaf for each in mail.segment.definitions for leaf in leaves(each.logic)]
    strange = sum(leaf.ground is Ground.UNKNOWN for leaf in asked)
    if strange:
        raise CannotTell(
            f"{strange} of {len(asked)} conditions of the segment are of a kind that presend does not know: whom they "
            "let in or keep out was not judged"
        )


def _decides(definition: Definition, leaf: Leaf) -> bool:
    """Whether nobody is in who fails the condition, whatever the others say."""
    return verdict(definition.logic, lambda one: False if one == leaf else None) is False


def _judged(mail: Mail, leaf: Leaf) -> Iterator[Hit]:
    at = Location(Part.SEGMENT, expression=leaf.column)
    denial = f"{leaf.column} {_WORDS[leaf.op]}"
    if leaf.unset is False:
        yield Hit(
            at,
            f'Everybody without a {leaf.column} is left out by "{denial}", though it does not say so. presend does not '
            "read people outside of the audience and cannot count them.",
            f"Say outright whether people without a {leaf.column} are meant.",
            who=NOBODY,
            confidence=Confidence.MEDIUM,
            reason=f"{leaf.column} is not set",
        )
        return
    without, count = lacking(mail, leaf.column)
    if leaf.unset is not None or not count or count > mail.options["most"] * mail.audience.size:
        return
    known = role_of(leaf.column, mail.labels.get(leaf.column, "")) in EVERYBODY_HAS
    sure = known or mail.audience.size - count >= mail.options["usual"] * mail.audience.size
    yield Hit(
        at,
        f"{share(count, mail.audience.size)} of the recipients have no {leaf.column}: they are in only because "
        f'"{denial}" lets through who has no value.',
        f"Add the condition that {leaf.column} is set, or fill it for these people.",
        who=without,
        severity=Severity.MEDIUM if known else Severity.LOW,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        column=leaf.column,
        reason=f"is in only because {leaf.column} is not set",
    )
