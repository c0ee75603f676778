"""What a part says to its readers as plain text, with the way back to its source; shared by the families of checks."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from presend.dialects.base import Piece, Span, Text
from presend.mail import Mail
from presend.model import Part
from presend.reading import PartReading, Who

VALUE = "\ufffc"
"""Stands in a copy where something is filled in."""

_BREAKS = re.compile(
    r"address|article|blockquote|br|center|d[dlt]|div|footer|h[1-6r]|header|li|[ou]l|p|pre|section|table|tbody|t[dhr]",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<!--|<(?P<raw>style|script|title)\b"
    r"""|</?(?P<element>[a-zA-Z][\w:-]*)(?:[^<>"']++|"[^"]{0,4000}+"|'[^']{0,4000}+')*+>"""
    # Where the quotes do not pair up, a tag ends with the first sign that may end one.
    r"|</?(?P<broken>[a-zA-Z][\w:-]*)[^<>]*+>|<[!?][^<>]*+>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_ENDS = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("style", "script", "title")}
_UNSEEN = str.maketrans({"\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": ""})

Chunks = Iterator[tuple[str, int]]
"""Texts with where each stands in the source."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The text of a part without its markup: a new line where a block ends, `VALUE` where something is filled in."""

    text: str
    _starts: tuple[int, ...]
    """Where each stretch begins in the text …"""
    _origins: tuple[int, ...]
    """… and where in the source."""

    def span(self, start: int, end: int) -> Span:
        """Where a non-empty stretch of the text stands in the source."""
        return Span(self._origin(start), self._origin(end - 1) + 1)

    def _origin(self, at: int) -> int:
        index = bisect_right(self._starts, at) - 1
        return self._origins[index] + at - self._starts[index] if index >= 0 else 0

    def between(self, start: int, end: int) -> str:
        """The text of a stretch of the source."""
        return self.text[self._at(start) : self._at(end)]

    def _at(self, origin: int) -> int:
        index = bisect_right(self._origins, origin) - 1
        if index < 0:
            return 0
        until = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.text)
        return min(self._starts[index] + origin - self._origins[index], until)


_COPIES: WeakKeyDictionary[PartReading, Copy] = WeakKeyDictionary()


def copy_of(part: PartReading) -> Copy:
    """The copy of a part, made once for all the checks that ask."""
    if part not in _COPIES:
        _COPIES[part] = _made(part)
    return _COPIES[part]


def _made(part: PartReading) -> Copy:
    masked = _masked(part)
    chunks = _plain(masked) if part.part is Part.HTML else iter([(masked, 0)])
    texts, starts, origins, length = [], [], [], 0
    for text, origin in chunks:
        if text:
            texts.append(text)
            starts.append(length)
            origins.append(origin)
            length += len(text)
    return Copy("".join(texts), tuple(starts), tuple(origins))


def _masked(part: PartReading) -> str:
    """The source, character for character, with `VALUE` for all that is not plain text of the template's."""
    source, out, at = part.source, [], 0
    for span in sorted(_texts(part.program.pieces, source)):
        if span.start < at:
            continue
        out.append(VALUE * (span.start - at))
        out.append(source[span.start : span.end])
        at = span.end
    out.append(VALUE * (len(source) - at))
    return "".join(out)


def _texts(pieces: tuple[Piece, ...], source: str) -> Iterator[Span]:
    left = [pieces]
    while left:
        for piece in left.pop():
            if isinstance(piece, Text):
                if piece.text == source[piece.span.start : piece.span.end]:
                    yield piece.span
            else:
                left += [arm.body for arm in getattr(piece, "arms", ())]


def _plain(source: str) -> Chunks:
    """The text of some HTML; what stands in comments, styles and scripts is not shown to anybody."""
    at = 0
    while (found := _MARKUP.search(source, at)) is not None:
        yield from _shown(source, at, found.start())
        at = found.end()
        if found[0] == "<!--":
            close = source.find("-->", at)
            at = len(source) if close < 0 else close + 3
        elif found["raw"]:
            end = _ENDS[found["raw"].lower()].search(source, at)
            at = len(source) if end is None else end.end()
        elif _BREAKS.fullmatch(found["element"] or found["broken"] or ""):
            yield "\n", found.start()
    yield from _shown(source, at, len(source))


def _shown(source: str, start: int, end: int) -> Chunks:
    at = start
    for found in _ENTITY.finditer(source, start, end):
        yield source[at : found.start()].replace("\n", " ").replace("\r", " "), at
        yield html.unescape(found[0]).replace("\u00a0", " ").translate(_UNSEEN)[:1], found.start()
        at = found.end()
    yield source[at:end].replace("\n", " ").replace("\r", " ").replace("\u00a0", " "), at


_QUOTED = 1000
"""Characters around a place that are looked at for quotation marks."""


def in_quotes(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a copy stands in quotation marks of its own line."""
    before = text[max(0, start - _QUOTED) : start].rpartition("\n")[2]
    behind = text[end : end + _QUOTED].partition("\n")[0]
    if before.count('"') % 2 and '"' in behind:
        return True
    opened, closed = ("\u201e", "\u201c") if "\u201e" in before else ("\u201c", "\u201d")
    return before.count(opened) > before.count(closed) or before.count("\u00ab") > before.count("\u00bb")


_BY_SOMEBODY = re.compile(r"\s*,? (?:by |\(\d{1,2}[A+]?\))|,\s+(?:[A-Z]\. ?){1,3}[A-Z][a-z]|\s+\(\d{1,2}[A+]?\)")
_IN_SMALL = 3
"""Letters of a word that titles write small."""


def is_title(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a copy is the name of a work: in capitals, and quoted or with its author or its rating."""
    words = re.findall(r"[^\W\d_]+", text[start:end])
    long = [word for word in words if len(word) > _IN_SMALL]
    large = long if len(long) > 1 else words
    if len(words) < 2 or not all(word[0].isupper() and not word.isupper() for word in large):
        return False
    return in_quotes(text, start, end) or _BY_SOMEBODY.match(text, end) is not None


# -- who reads it


def surely(part: PartReading, offset: int) -> Who:
    """Those who certainly get to what stands at an offset of the source; everybody without an audience."""
    return part.surely(offset)


def perhaps(part: PartReading, offset: int) -> Who:
    """Those of whom it is not certain that they do not get to it; everybody without an audience."""
    return part.perhaps(offset)


# -- links


@dataclass(frozen=True, slots=True)
class Link:
    """A link target of the source and the words that are clicked on, images by their text."""

    target: str
    """As it stands in the source, tags and all."""
    words: str
    start: int
    end: int


_INSIDE = 3000
"""Characters of source inside of a link beyond which nobody clicks on words."""
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"<>]{0,300})\"|'([^'<>]{0,300})')", re.IGNORECASE)


def links_of(mail: Mail, part: PartReading) -> Iterator[Link]:
    """The links of an html part, in source order."""
    copy = copy_of(part)
    for place in mail.links(part):
        if place.element not in ("a", "area"):
            continue
        closes = [at for name in ("</a", "</A") if (at := part.lines.next(name, place.end)) >= 0]
        end = min(min(closes, default=place.end), place.end + _INSIDE)
        inner = part.source[place.end : end]
        alts = " ".join(one or other for one, other in _ALT.findall(inner))
        words = f"{copy.between(place.end, end)} {alts}"
        yield Link(part.source[place.start : place.end], " ".join(words.split()), place.start, place.end)
