"""TAG018: a value that cuts the address it is put into."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from presend.check import Need, check
from presend.dialects.base import Outcome, OutcomeKind
from presend.mail import Mail, Surface
from presend.model import Hit, Part, Platform, Severity
from presend.reading import PartReading, Region
from presend_checks._printed import prints_as_is
from presend_checks.tags._places import called, link_around, surface_of

_PARAMETER = re.compile(r"[?&;]\s*(?:amp;)?([^=&;?#]+)=[^=&;#]*\Z")
_CUTS = re.compile(r"[&#]")
_CUTS_IN_TEXT = re.compile(r"[&#\s]")
_MORE_PARAMETERS = re.compile(r"&(?:amp;)?[\w.\[\]-]+=")


@check("TAG018", "cut-link", mishaps=["M03"], severity=Severity.MEDIUM, needs=[Need.PARTS, Need.AUDIENCE])
def cut_link(mail: Mail) -> Iterator[Hit]:
    """A value with & or # is put into a link's parameter as it is, and the rest of it is cut off.

    Why it matters
    `?n=Ann & Bo` tells the page that somebody is called "Ann": the form that opens is filled wrongly, and a voucher or
    an order is not found. In the plain text a space ends the address as well.

    How to fix
    Encode the value where it is put into the address: `*|URL:FNAME|*` in Mailchimp, `|urlencode` in Klaviyo and in
    programmable HubSpot email.

    Known limits
    Only parameters are judged (`?name=…`), and only values that would be cut, not those that a page may take for
    something else (a plus sign, a percent sign). A value that itself goes on with further parameters is meant so.
    """
    for part in mail.parts:
        if part.program.fatal:
            continue
        for region in part.regions:
            yield from _judged(mail, part, region)


def _judged(mail: Mail, part: PartReading, region: Region) -> Iterator[Hit]:
    expression = region.expression
    if expression.effect or not expression.columns:
        return
    if surface_of(mail, part, expression.span) is not Surface.LINK:
        return
    parameter = _PARAMETER.search(_before(mail, part, region))
    if parameter is None:
        return
    cuts = _CUTS if part.part is Part.HTML else _CUTS_IN_TEXT

    def is_cut(row: Mapping[str, Any], outcome: Outcome) -> bool:
        text = _put_in(region, row, outcome, part)
        return cuts.search(text.strip()) is not None and _MORE_PARAMETERS.search(text) is None

    who = region.who(is_cut)
    if mail.audience.count(who):
        name = called(expression.columns)
        says = (
            f"{name} is put into the link's parameter {parameter[1].strip()} as it is, and is cut for some recipients."
        )
        yield Hit(mail.at(part, region), says, _fix(mail, name), who=who, reason=f"{name} is cut in a link")


def _before(mail: Mail, part: PartReading, region: Region) -> str:
    span = region.expression.span
    written = link_around(part, span)
    place = mail.place(part, span.start)
    if place.surface is not Surface.LINK:
        return written[0] if written is not None else ""
    return part.source[place.start : span.start]


def _put_in(region: Region, row: Mapping[str, Any], outcome: Outcome, part: PartReading) -> str:
    """What stands in the address as a browser reads it; the value itself where only its escaping is not known."""
    if outcome.kind is OutcomeKind.PRINTED:
        return html.unescape(outcome.text) if part.part is Part.HTML else outcome.text
    columns = region.expression.columns
    if outcome.kind is OutcomeKind.UNKNOWN and prints_as_is(region, columns[0]):
        return str(row.get(columns[0], ""))
    return ""


def _fix(mail: Mail, name: str) -> str:
    match mail.platform:
        case Platform.MAILCHIMP:
            return f"Write *|URL:{name}|* in the address."
        case Platform.KLAVIYO:
            return "Write |urlencode behind the value in the address."
        case Platform.HUBSPOT:
            return "Take a value without such signs, or encode it with |urlencode in a programmable template."
