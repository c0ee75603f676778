"""What a place in an HTML source is to a reader: text, an attribute, a link target, or something nobody sees.

Works on the raw source by scanning, not through an HTML parser: merge tags stand where no parser lets them stand
(between table rows, inside Outlook's conditional comments), and offsets must be those of the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from presend.seek import Seeker


class Surface(StrEnum):
    """How a reader meets the place."""

    TEXT = "text"
    LINK = "link"
    ATTRIBUTE = "attribute"
    COMMENT = "comment"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of source: what it is, and of what; `start` and `end` span the whole attribute value or text."""

    surface: Surface
    start: int
    end: int
    element: str = ""
    attribute: str = ""


_OPEN = re.compile(r"<(?:!--|(?P<raw>style|script)\b|(?P<element>[a-zA-Z][\w:-]*))", re.IGNORECASE)
_RAW_END = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("style", "script")}
_STOP = re.compile(r"[<>\"']|\{[{%]")
_NAME = re.compile(r"(?P<name>[^\s\"'<>/={%]++)(?P<equals>\s*+=\s*+)?")
_VALUE_STOP = {quote: re.compile(rf"{quote}|\{{[{{%]") for quote in "\"'"} | {"": re.compile(r"[\s\"'>]|\{[{%]")}
_ELEMENT = re.compile(r"[a-zA-Z][\w:-]*", re.IGNORECASE)
_CLOSERS = {"{{": "}}", "{%": "%}"}
_CONDITIONAL = re.compile(r"\s*\[if\b", re.IGNORECASE)
_LINKS = frozenset({"href", "src", "action", "background", "cite", "formaction", "poster", "srcset"})


class PlaceMap:
    """The places of one HTML source, asked by offset."""

    def __init__(self, source: str) -> None:
        self._places = sorted(_Scanner(source).places(), key=lambda p: p.start)
        self._starts = [p.start for p in self._places]
        self._length = len(source)

    def at(self, offset: int) -> Place:
        """The innermost place that holds the offset; plain text where there is no other."""
        i = bisect_right(self._starts, offset) - 1
        # Attributes inside a start tag and comments never nest but for conditional comments, which are scanned inside.
        for place in reversed(self._places[max(0, i - 8) : i + 1]):
            if place.start <= offset < place.end:
                return place
        return Place(Surface.TEXT, 0, self._length)

    def links(self) -> list[Place]:
        """All link targets in source order."""
        return [p for p in self._places if p.surface is Surface.LINK]


@lru_cache(maxsize=4)
def places_of(source: str) -> PlaceMap:
    """The places of a source, made once for all that ask while it is being read."""
    return PlaceMap(source)


class _Scanner:
    """One pass over a source; nothing is looked for twice, however many tags are left open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.seeker = Seeker(source)
        self._ends: dict[tuple[int, int], int] = {}

    def places(self) -> list[Place]:
        """All that is not plain text, in the order in which it opens."""
        found: list[Place] = []
        at, end = 0, len(self.source)
        behind = end
        """Where to go on once the conditional comment that is being scanned ends."""
        while True:
            opened = _OPEN.search(self.source, at, end)
            if opened is None:
                if end == len(self.source):
                    return found
                at, end = behind, len(self.source)
            elif opened["raw"] is not None and (code := self._code(opened, end)) is not None:
                place, at = code
                found.append(place)
            elif opened["raw"] is not None or opened["element"] is not None:
                at = self._element(opened, end, found)
            else:
                at = opened.end()
                close = self.seeker.next("-->", at, end)
                until = close if close >= 0 else end
                if not _CONDITIONAL.match(self.source, at, until):
                    found.append(Place(Surface.COMMENT, at, until))
                    at = until + 3 if close >= 0 else end
                elif close >= 0:
                    end, behind = close, close + 3  # Outlook shows what stands in there

    def _code(self, opened: re.Match[str], end: int) -> tuple[Place, int] | None:
        """The inside of a style or a script, and where to go on."""
        start = self.seeker.next(">", opened.end(), end) + 1
        if not start:
            return None
        name = opened["raw"].lower()
        close = _RAW_END[name].search(self.source, start, end)
        until, on = close.span() if close else (end, end)
        return Place(Surface.CODE, start, until, name), on

    def _element(self, opened: re.Match[str], end: int, found: list[Place]) -> int:
        """Adds the attributes of a start tag; where to go on."""
        name = _ELEMENT.match(self.source, opened.start() + 1, end)
        start = opened.end() if name is None else name.end()
        until = self._tag_end(start, end)
        if name is None or until < 0:
            return opened.start() + 1
        found += self._attributes(name[0].lower(), start, until)
        return until + 1

    def _tag_end(self, start: int, end: int) -> int:
        """Where the `>` stands that ends a start tag whose attributes begin at `start`, or -1.

        Template tags in it may hold `>` and quotes: they are swallowed whole, where the tag can then be closed.
        """
        asked = [start]
        while asked:
            at = asked[-1]
            ways, known = self._step(at, end)
            for way in ways:
                if (way, end) not in self._ends:
                    asked.append(way)
                    break
                if (known := self._ends[way, end]) >= 0:
                    break
            if asked[-1] == at:
                self._ends[at, end] = known
                asked.pop()
        return self._ends[start, end]

    def _step(self, at: int, end: int) -> tuple[tuple[int, ...], int]:
        """From a place in a start tag to its next template tag: where to go on, in the order in which to try.

        First behind the template tag, then as if its brace were but a brace. Where there is none: () and where the
        start tag ends, or -1.
        """
        while (stop := _STOP.search(self.source, at, end)) is not None:
            sign = stop[0]
            if sign in _CLOSERS:
                close = self.seeker.next(_CLOSERS[sign], stop.end(), end)
                plain = stop.start() + 1
                return ((plain,) if close < 0 else (close + 2, plain)), -1
            if sign == ">":
                return (), stop.start()
            partner = self.seeker.next(sign, stop.end(), end) if sign != "<" else -1
            if partner < 0:
                break
            at = partner + 1
        return (), -1

    def _attributes(self, element: str, start: int, end: int) -> list[Place]:
        found = []
        at = start
        while word := _NAME.search(self.source, at, end):
            at = word.end("name")
            if word["equals"] is None:
                continue
            value = self._value(word.end(), end)
            if value is None:
                continue
            name = word["name"].lower()
            surface = Surface.LINK if name in _LINKS else Surface.CODE if name == "style" else Surface.ATTRIBUTE
            found.append(Place(surface, *value, element, name))
            at = value[1] + (self.source[word.end()] in "\"'")
        return found

    def _value(self, start: int, end: int) -> tuple[int, int] | None:
        """The extent of an attribute's value; a quote inside a template tag does not end it."""
        quote = self.source[start : start + 1] if start < end else ""
        quote = quote if quote and quote in "\"'" else ""
        start += len(quote)
        if quote and self.seeker.next(quote, start, end) < 0:
            return None
        at, within = start, -1
        while (stop := _VALUE_STOP[quote].search(self.source, at, end)) is not None:
            if stop[0] not in _CLOSERS:
                return (start, stop.start()) if quote or stop.start() > start else None
            close = self.seeker.next(_CLOSERS[stop[0]], stop.end(), end)
            at = close + 2 if close >= 0 else stop.start() + 1
            if quote and self.seeker.next(quote, stop.start(), at) >= 0:
                within = stop.start()
        if quote:
            # Nothing ends it but a quote inside the last template tag that has one.
            return start, self.seeker.next(quote, within, end)
        return (start, end) if end > start else None
