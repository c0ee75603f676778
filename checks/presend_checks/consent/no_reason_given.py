"""CON005: no word on why the reader gets this mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Kind, Platform, Severity
from presend.reading import PartReading
from presend_checks._copy import copy_of
from presend_checks.consent._reasons import says_why
from presend_checks.consent._ways import at, bodies, confidence, is_main

_TAGS = {
    Platform.MAILCHIMP: re.compile(r"\*\|(?:[A-Z]+:)?LIST:DESCRIPTION"),
    Platform.KLAVIYO: re.compile(r"(?!)"),
    Platform.HUBSPOT: re.compile(r"\bsubscription_(?:name|description)\b"),
}


@check("CON005", "no-reason-given", mishaps=["M26"], severity=Severity.INFO, needs=[Need.PARTS])
def no_reason_given(mail: Mail) -> Iterator[Hit]:
    """The mail does not say why its reader gets it.

    Why it matters
    People forget where they signed up. One line ("You get this because …") saves complaints, and some laws ask for it.

    How to fix
    Add a line to the footer that says where people signed up.

    Known limits
    Worth knowing, no more. Judged by usual wordings in ten languages in the html, or in the text of a mail without
    html, and in English by what is said: that people signed up, asked, left an address, bought or are members.
    Mailchimp's permission reminder (*|LIST:DESCRIPTION|*) and HubSpot's subscription name count.
    """
    for part in bodies(mail):
        if not is_main(mail, part) or _said(mail, part):
            continue
        yield Hit(
            at(part, "reason"),
            "The mail does not say why its reader gets it.",
            'Add a line to the footer that says where people signed up: "You get this because …".',
            confidence=confidence(mail, part) if mail.kind is Kind.CAMPAIGN else Confidence.LOW,
            reason="is not told why",
        )
        return


def _said(mail: Mail, part: PartReading) -> bool:
    if any(_TAGS[mail.platform].search(region.expression.source) for region in part.regions):
        return True
    return says_why(copy_of(part).text)
