"""CON002: nowhere a postal address of the sender's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Platform, Severity
from presend.reading import PartReading
from presend_checks._copy import copy_of
from presend_checks.consent._ways import (
    CAPITALS,
    OTHER_SCRIPTS,
    address,
    at,
    bodies,
    confidence,
    has_footer_module,
    is_main,
    without,
)

_TAGS = {
    Platform.MAILCHIMP: "*|HTML:LIST_ADDRESS_HTML|*",
    Platform.KLAVIYO: "{{ organization.full_address }}",
    Platform.HUBSPOT: "{{ site_settings.company_street_address_1 }} and its neighbours, or HubSpot's footer module",
}
_CAPITAL = re.compile(rf"\b[{CAPITALS}]\w")
_FOOT = 600
"""Characters at the end of the copy, where senders put their address."""
_LINE = 160
_COUNTED = re.compile(
    r"\[\d+\]|[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥%]|EUR|USD|GBP)|\b\d{1,2}[:.h]\d\d\b"
    r"|\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|Uhr|o['’]clock)|\b\d{1,2}\s?(?:[–-]|to|till|until|bis|à|a)\s?\d{1,2}\b"
    r"|\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b(?:19|20)\d\d\b"
    r"|(?:\+\d|\(\d{2,5}\)|\b\d{3,5}[-.\s])[\d\s().-]{3,}\d",
    re.IGNORECASE,
)
"""Numbers that are no house's: of footnotes, prices, hours, days, years and telephones."""
_SENTENCE = re.compile(
    r"©|\(c\)|\b(?:copyright|rights?|since|registered|registration|number|licen[cs]e|vat|tel|phone|call|e-?mail|fax"
    r"|open|opening|hours|\w+day|is|are|was|were|has|have|had|will|we|you|our|your"
    r"|it|this|that|they|and so|if|when|not|ist|sind|wir|sie|unser\w*|geöffnet|sommes|nous|vous|somos|son)\b",
    re.IGNORECASE,
)
"""Words of whole sentences, of marks of ownership and of hours: where they stand, nobody wrote where the sender is."""


@check("CON002", "no-postal-address", mishaps=["M26"], severity=Severity.MEDIUM, needs=[Need.PARTS])
def no_postal_address(mail: Mail) -> Iterator[Hit]:
    """The mail does not say where its sender can be reached by post.

    Why it matters
    The law asks for it in the United States, Canada and much of Europe, and it tells readers that there is somebody.

    How to fix
    Put the platform's address tag into the footer.

    Known limits
    Besides the platforms' tags anything counts that looks like an address in one of many countries' forms; one in a
    picture is not seen. Where the footer has a line that might be an address, or the copy is in another script, the
    confidence is medium. Mailchimp adds a footer with the list's address by itself, which makes it low there. Only the
    part that most people read is judged.
    """
    if has_footer_module(mail):
        return
    for part in bodies(mail):
        who = without(mail, part, address) if is_main(mail, part) else None
        if who is None:
            continue
        yield Hit(
            at(part, "address"),
            "The mail names no postal address of its sender.",
            f"Add {_TAGS[mail.platform]} to the footer.",
            who=who,
            severity=Severity.LOW if mail.platform is Platform.MAILCHIMP else Severity.MEDIUM,
            confidence=min(confidence(mail, part), _sure(part)),
            reason="gets no postal address",
        )
        return


def _sure(part: PartReading) -> Confidence:
    """How sure it is that no line is an address of a form that presend does not know."""
    foot = copy_of(part).text[-_FOOT:]
    may_be = OTHER_SCRIPTS.search(foot) or any(map(_may_be_one, foot.splitlines()))
    return Confidence.MEDIUM if may_be else Confidence.HIGH


def _may_be_one(line: str) -> bool:
    has_number = any(letter.isdigit() for letter in _COUNTED.sub(" ", line))
    if len(line) > _LINE or not has_number or "," not in line or _SENTENCE.search(line):
        return False
    return len(_CAPITAL.findall(line)) > 1
