"""VAL003: names in capitals, or without any."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from presend.check import Need, check
from presend.dialects.base import Outcome, OutcomeKind
from presend.mail import Mail
from presend.model import NAMES, Confidence, Hit, Severity
from presend.reading import Region
from presend_checks._printed import printed
from presend_checks.values._classes import Fault
from presend_checks.values._judged import judged


@check("VAL003", "shouting", mishaps=["M04"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.AUDIENCE])
def shouting(mail: Mail) -> Iterator[Hit]:
    """A name is printed in capitals throughout, in small letters throughout, or in a case that a filter got wrong.

    Why it matters
    "Hi KATHERINE," and "Hi robert," look like a merge from a till or a form, not like a letter. In a count of 14,824
    contacts 3.4 % had names in capitals and 7.5 % in small letters.

    How to fix
    Correct these values where they are kept: KATHERINE to Katherine, O'BRIEN to O'Brien, MCDONALD to McDonald, VAN DER
    BERG to van der Berg. Leave every name alone that already has both: no rule knows how its bearer writes it. A case
    filter in the template (title, capitalize) mends the greeting but breaks McDonald and van der Berg.

    Known limits
    Only Latin, Greek and Cyrillic letters are judged: other scripts have no case, or use it otherwise. Initials (AJ,
    J.R.) and regnal numbers may be capitals. What prints is judged, so a template that sets all names in capitals, or
    mends them, is left alone, and so are ffrench and ffolkes. Some people write themselves in small letters on purpose:
    such names alone have medium confidence. Names that the template's case filter miswrites (Mcdonald) are reported by
    form, with medium confidence. One finding per column and part.
    """
    for found in judged(mail, Fault.CAPITALS, Fault.LOWER):
        yield Hit(
            found.at,
            f"{found.column} is written with {found.kinds} for some recipients, and the copy prints it so.",
            f"Correct {found.column} for these recipients (KATHERINE to Katherine, O'BRIEN to O'Brien, van der berg to "
            "van der Berg); leave names alone that have both capitals and small letters.",
            who=found.who,
            confidence=Confidence.HIGH if Fault.CAPITALS in found.faults else Confidence.MEDIUM,
            column=found.column,
            reason=f"{found.column} is written with {found.kinds}",
        )
    yield from _miscased(mail)


_OWN_CASE = re.compile(r"mc[^\W\d_]{3,}|[^\W\d_]*[^\W\d_A-ZÀ-Þ][A-ZÀ-Þ][^\W\d_]*|(?:van|von|de|der|den|di|da|af|av) .+")
"""Names that a case filter gets wrong: McDonald, DeShawn, van der Berg."""


def _miscased(mail: Mail) -> Iterator[Hit]:
    """Names that the template's own case filter changes for the worse, once for each column and part."""
    for one in printed(mail):
        if one.role not in NAMES:
            continue
        for part, region in one.places:
            if region.expression.columns != (one.column,) or not _sets_case(region, one.column):
                continue
            who = region.who(_is_miscased)
            if mail.audience.count(who):
                yield Hit(
                    mail.at(part, region),
                    f"The tag's filter sets the case of {one.column}, and some names are not written so afterwards.",
                    "Take the filter out, and correct the few names that are in capitals where they are kept.",
                    who=who,
                    confidence=Confidence.MEDIUM,
                    column=one.column,
                    reason=f"a filter miswrites {one.column}",
                )
                break


def _sets_case(region: Region, column: str) -> bool:
    """Whether the region prints words with a capital and small letters, however they come."""
    return region.expression.evaluate({column: "ann"}).text.strip() == "Ann"


def _is_miscased(row: Mapping[str, Any], outcome: Outcome) -> bool:
    value = next(iter(row.values()), None)
    if not isinstance(value, str) or outcome.kind is not OutcomeKind.PRINTED:
        return False
    text = " ".join(value.split())
    if text.isupper() or text == " ".join(html.unescape(outcome.text).split()):
        return False
    return _OWN_CASE.fullmatch(text) is not None
