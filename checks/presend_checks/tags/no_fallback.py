"""TAG002: a value that some do not have, printed without a fallback."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.dialects.base import OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Severity
from presend.reading import NOBODY, PartReading, Region
from presend_checks.tags import _blanks as blanks
from presend_checks.tags import _choices as choices
from presend_checks.tags._places import UNSEEN, called, surface_of


@check("TAG002", "no-fallback", mishaps=["M02"], severity=Severity.HIGH, needs=[Need.PARTS])
def no_fallback(mail: Mail) -> Iterator[Hit]:
    """A tag prints nothing for some recipients, because they have no value and there is no working fallback.

    Why it matters
    "Hi ," and "3X sales for  in 2017" tell the reader that a machine wrote to a record. Previews are made with a
    contact whose fields are all filled, so nobody sees it before the send.

    How to fix
    Give the tag a fallback as the finding shows it, put the sentence into a condition, or leave out those affected.

    Known limits
    Signs that a filter adds around a missing value ("Hi !") count as nothing, words do not ("Hi friend!").
    Where the blank leaves no visible hole ("Dr. Smith" without "Dr."), confidence is medium: it may be meant.
    HubSpot's account-wide defaults cannot be read, so its tokens have medium confidence unless the default is given in
    presend.toml. A condition without an else is reported where it chooses words inside a sentence and what is left
    shows it; leaving out a whole sentence or paragraph is what conditions are for. Values printed inside loops are
    judged as part of the loop, and not here: a detail that no item has is not found.
    A blank subject, link or unknown name is another check's: blank-part, blank-link, unknown-tag, empty-fallback,
    unreliable, event-in-campaign, blank-value.
    """
    for part in mail.parts:
        for region in part.regions:
            if _is_ours(mail, part, region):
                yield from _judged(mail, part, region)
        for fork in part.choices:
            yield from choices.holes(mail, part, fork)


def _is_ours(mail: Mail, part: PartReading, region: Region) -> bool:
    if not blanks.prints_a_value(region) or blanks.is_address(region):
        return False
    if surface_of(mail, part, region.expression.span) in UNSEEN | {Surface.LINK}:
        return False
    return not blanks.explained(mail, part, region) and not blanks.handled_elsewhere(part, region)


def _judged(mail: Mail, part: PartReading, region: Region) -> Iterator[Hit]:
    expression = region.expression
    at = mail.at(part, expression)
    fix = f"To give it a fallback, {expression.fallback_place}." if expression.fallback_place else ""
    fix = fix or "Check what the fallback and the filters behind it print for these recipients."
    name = called(expression.columns)
    if not mail.has_audience:
        missing = region.missing()
        hollow = expression.fallback is None and blanks.is_hollow({}, missing)
        if (hollow or blanks.is_blank({}, missing)) and not blanks.guarded(region):
            says = f"{name} has no fallback: whoever lacks a value reads nothing here."
            yield Hit(at, says, fix, confidence=Confidence.MEDIUM)
        return
    who = blanks.blank_for(part, region)
    if not mail.audience.count(who):
        if expression.fallback is None and _is_fine_today(mail, region):
            says = f"{name} has no fallback; today every recipient has a value."
            yield Hit(at, says, fix, who=NOBODY, severity=Severity.INFO)
        return
    lacking = mail.audience.count(who & region.who(blanks.without_value))
    what = (
        "nothing but the filter's own signs" if mail.audience.count(who & region.who(blanks.is_hollow)) else "nothing"
    )
    size = mail.audience.size
    whom = "everybody: nobody has a value" if lacking == size else "some recipients, who have no value"
    says = f"{name} prints {what} for {whom}, and there is no working fallback."
    if not lacking:
        everybody = mail.audience.count(who) == size
        whom = "everybody, although each has" if everybody else "some recipients, although they have"
        says = f"{name} prints nothing for {whom} a value: the tag cannot show it."
    yield Hit(
        at,
        says,
        fix,
        who=who,
        severity=blanks.severity_of(mail, region, who),
        confidence=blanks.confidence_in(mail, part, region, who),
        reason=f"{name} prints nothing",
    )


def _is_fine_today(mail: Mail, region: Region) -> bool:
    """Whether it is the data alone that fills the place, for somebody, for now."""
    reached = mail.audience.count(region.reached())
    if blanks.guarded(region) or mail.audience.count(region.who(blanks.lacks_value)):
        return False
    return 0 < reached == mail.audience.count(region.of_kind(OutcomeKind.PRINTED))
