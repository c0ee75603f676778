"""CON005: no word on why the reader gets this mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Kind, Platform, Severity
from presend.reading import PartReading
from presend_checks._copy import copy_of
from presend_checks.consent._lexicons import phrases
from presend_checks.consent._reasons import says_why
from presend_checks.consent._ways import OTHER_SCRIPTS, at, bodies, confidence, is_main

_TAGS = {
    Platform.MAILCHIMP: re.compile(r"\*\|(?:[A-Z]+:)?LIST:DESCRIPTION"),
    Platform.KLAVIYO: re.compile(r"(?!)"),
    Platform.HUBSPOT: re.compile(r"\bsubscription_(?:name|description)\b"),
}

_FOOT = 600
"""Characters at the end of the copy, where senders say why they write."""
_ENGLISH_WAY = re.compile(r"unsub|opt|prefer|leave|stop|list|subscription|email|mail|remove|manage", re.IGNORECASE)
_ACCENTED = re.compile(r"(?<!\w)[a-z]+[ß-öø-ÿłśżčšžőűățșğışęąćńřěů]\w*")
"""A word in small letters that no English one is spelt like; names have capitals."""
_ENGLISH = re.compile(
    r"(?<![\w'-])(?:the|and|you|your|our|we|with|for|from|this|that|are|is|of|to)(?![\w'-])", re.IGNORECASE
)
_OTHER = re.compile(
    r"(?<![\w'-])(?:der|die|das|und|ist|mit|für|nicht|wir|sie|le|la|les|des|une|est|pour|avec|vous|nous|sur|se|el|los|las"
    r"|con|para|por|del|il|di|che|per|non|os|um|uma|com|het|een|van|voor|met|och|att|som|av|til|på|nie|się|jest|na|bir|ve)"
    r"(?![\w'-])",
    re.IGNORECASE,
)


@check("CON005", "no-reason-given", mishaps=["M26"], severity=Severity.INFO, needs=[Need.PARTS])
def no_reason_given(mail: Mail) -> Iterator[Hit]:
    """The mail does not say why its reader gets it.

    Why it matters
    People forget where they signed up. One line ("You get this because …") saves complaints, and some laws ask for it.

    How to fix
    Add a line to the footer that says where people signed up.

    Known limits
    Worth knowing, no more. Judged by usual wordings in two dozen languages in the html, or in the text of a mail
    without html, and in English by what is said: that people signed up, asked, left an address, bought or are members.
    Mailchimp's permission reminder (*|LIST:DESCRIPTION|*) and HubSpot's subscription name count. The confidence is
    high in English letters alone. Where the letter, its footer or its link to unsubscribe has words of another
    language it is medium, and low in other scripts, for mail of automations and for templates on disk.
    """
    for part in bodies(mail):
        if not is_main(mail, part) or _said(mail, part):
            continue
        yield Hit(
            at(part, "reason"),
            "The mail does not say why its reader gets it.",
            'Add a line to the footer that says where people signed up: "You get this because …".',
            confidence=min(confidence(mail, part), _sure(part)) if mail.kind is Kind.CAMPAIGN else Confidence.LOW,
            reason="is not told why",
        )
        return


def _said(mail: Mail, part: PartReading) -> bool:
    if any(_TAGS[mail.platform].search(region.expression.source) for region in part.regions):
        return True
    return says_why(copy_of(part).text)


def _sure(part: PartReading) -> Confidence:
    """How sure it is that a reason would have been seen, by the language in which it would stand."""
    text = copy_of(part).text
    foot = text[-_FOOT:]
    if OTHER_SCRIPTS.search(foot):
        return Confidence.LOW
    ways = [found[0] for found in phrases("ways_out").finditer(foot)]
    foreign = any(not _ENGLISH_WAY.search(way) for way in ways) or _ACCENTED.search(foot)
    mostly = len(_OTHER.findall(text)) > len(_ENGLISH.findall(text))
    return Confidence.MEDIUM if foreign or mostly or len(_OTHER.findall(foot)) > 1 else Confidence.HIGH
