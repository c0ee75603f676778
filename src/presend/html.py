"""What a place in an HTML source is to a reader: text, an attribute, a link target, or something nobody sees.

Works on the raw source by scanning, not through an HTML parser: merge tags stand where no parser lets them stand
(between table rows, inside Outlook's conditional comments), and offsets must be those of the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum


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


_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)"
    r"|<(?P<raw>style|script)\b[^>]*>(?P<code>.*?)(?:</(?P=raw)\s*>|\Z)"
    # Template tags inside a start tag may hold '>' and quotes: they are swallowed whole.
    r"|<(?P<element>[a-zA-Z][\w:-]*)(?P<attributes>(?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|'[^']*'|[^<>\"'{]|\{)*)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/={%]+)\s*=\s*(?:\"(?P<double>(?:\{\{.*?\}\}|\{%.*?%\}|[^\"])*)\""
    r"|'(?P<single>(?:\{\{.*?\}\}|\{%.*?%\}|[^'])*)'|(?P<none>(?:\{\{.*?\}\}|\{%.*?%\}|[^\s\"'>])+))",
    re.DOTALL,
)
_CONDITIONAL = re.compile(r"\s*\[if\b", re.IGNORECASE)
_LINKS = frozenset({"href", "src", "action", "background", "cite", "formaction", "poster", "srcset"})


class PlaceMap:
    """The places of one HTML source, asked by offset."""

    def __init__(self, source: str) -> None:
        self._places = sorted(_places(source, 0, len(source)), key=lambda p: p.start)
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


def _places(source: str, start: int, end: int) -> list[Place]:
    found: list[Place] = []
    for match in _TOKEN.finditer(source, start, end):
        if match["comment"] is not None:
            inner = match.start("comment"), match.end("comment")
            if _CONDITIONAL.match(match["comment"]):
                found += _places(source, *inner)  # Outlook shows what stands in there
            else:
                found.append(Place(Surface.COMMENT, *inner))
        elif match["code"] is not None:
            found.append(Place(Surface.CODE, match.start("code"), match.end("code"), match["raw"].lower()))
        else:
            found += _attributes(source, match["element"].lower(), match.start("attributes"), match.end("attributes"))
    return found


def _attributes(source: str, element: str, start: int, end: int) -> list[Place]:
    found = []
    for match in _ATTRIBUTE.finditer(source, start, end):
        group = next(g for g in ("double", "single", "none") if match[g] is not None)
        name = match["name"].lower()
        surface = Surface.LINK if name in _LINKS else Surface.CODE if name == "style" else Surface.ATTRIBUTE
        found.append(Place(surface, match.start(group), match.end(group), element, name))
    return found
