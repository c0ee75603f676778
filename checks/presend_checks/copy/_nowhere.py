"""Links that lead nowhere and pictures that only keep a place, as templates come with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presend.dialects.base import Span
from presend.mail import Mail
from presend.model import Confidence, Part, Severity
from presend.reading import PartReading

_NOWHERE = re.compile(r"\s*(?:#|javascript:\s*(?:void\(0\)|;)?;?|https?://(?:www\.)?#?)\s*", re.IGNORECASE)
_DUMMY = re.compile(
    r"\s*(?:https?:)?//(?:[\w-]+\.)*(?:placeholder\.com|placehold\.(?:it|co|jp)|dummyimage\.com|fakeimg\.pl|picsum\.photos"
    r"|loremflickr\.com|lorempixel\.com|placekitten\.com|placeimg\.com|fpoimg\.com)(?:[/?]|\s*$)",
    re.IGNORECASE,
)
_KEEPER = re.compile(r"[^?#]*/placeholder[_-]?\d[\dx]*\.(?:gif|png|jpe?g|svg)\s*", re.IGNORECASE)
"""A picture that is called after its size and nothing else: `placeholder_600.gif`."""
_STILL = re.compile(r"pointer-events\s*:\s*none|cursor\s*:\s*(?:default|text)", re.IGNORECASE)
"""A link that is none on purpose, so that a mail client makes none of an address or a date."""
_TAG_END = re.compile(r"[^<>]{0,2000}>")
_TOP = re.compile(r"(?:[^<]|<(?!/a\b)[^<>]{0,500}>){0,300}?\btop\b", re.IGNORECASE)
_MANY = 50
"""So many links to nowhere are left by mistake, and each further one is."""


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The first of a part's addresses of one sort, and what is to be said of all of them."""

    span: Span
    says: str
    fix: str
    severity: Severity
    confidence: Confidence


def nowheres(mail: Mail, part: PartReading) -> Iterator[Nowhere]:
    """One of each sort: links, pictures of a service for dummies, pictures called after their size."""
    if part.part is not Part.HTML:
        return
    links: list[Span] = []
    dummies: list[Span] = []
    keepers: list[Span] = []
    for place in mail.links(part):
        address, span = part.source[place.start : place.end], Span(place.start, place.end)
        if place.attribute == "href" and place.element.lower() in ("a", "area"):
            if _NOWHERE.fullmatch(address) and (len(links) >= _MANY or not _meant(part.source, span)):
                links.append(span)
        elif place.attribute in ("src", "background", "srcset") and _DUMMY.match(address):
            dummies.append(span)
        elif place.attribute in ("src", "background") and _KEEPER.fullmatch(address):
            keepers.append(span)
    if links:
        says = f"{_many(len(links), 'link leads', 'links lead')} nowhere: the address was never put in."
        yield Nowhere(links[0], says, "Put the address in, or make it no link.", Severity.MEDIUM, Confidence.HIGH)
    for spans, sure in ((dummies, Confidence.HIGH), (keepers, Confidence.MEDIUM)):
        if spans:
            says = f"{_many(len(spans), 'picture keeps', 'pictures keep')} a place, where a real one was to come."
            yield Nowhere(spans[0], says, "Put the real picture in.", Severity.HIGH, sure)


def _many(count: int, one: str, more: str) -> str:
    return f"A {one}" if count == 1 else f"{count} {more}"


def _meant(source: str, address: Span) -> bool:
    """Whether a link is to lead nowhere, or to the top of the mail."""
    opening = source.rfind("<", max(0, address.start - 2000), address.start)
    tag = _TAG_END.match(source, address.end)
    if _STILL.search(source, max(0, opening), tag.end() if tag else address.end):
        return True
    return tag is not None and _TOP.match(source, tag.end()) is not None
