"""The shadow of a source: what people and editors take it for, each character with its place in the source.

A template engine sees bytes. A person, and the editor that mangled the tag, sees `*|FNAME|*` whether or not half of it
is bold, percent-encoded, an entity or full-width. The shadow is that second view: inline markup dropped, entities and
percent escapes decoded, look-alike characters folded, invisible ones deleted.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from presend.dialects.base import Span
from presend.dialects.lexicon import word
from presend.dialects.unfinished import UNFILLED
from presend.model import Part

BLOCK = "\ue000"
"""Stands for markup that ends a stretch of text; a private-use character, so that no pattern takes it for a space."""
MASK = "\ue001"
"""Stands for each character of an intact tag."""


class Zone(StrEnum):
    """Where a stream comes from, which decides what may be looked for in it."""

    TEXT = "text"
    """Text that is read, and attributes that are read out (alt, title)."""
    URL = "url"
    MAILTO = "mailto"
    """A link that prepares a mail or a message: brackets in it may be there for the reader to fill."""
    OTHER = "other"
    """Attributes nobody reads: style, data, class."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stretch of shadow text; character i stands for source[starts[i]:ends[i]]."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    zone: Zone

    def span(self, start: int, end: int) -> Span:
        """The source span of text[start:end], which must not be empty."""
        return Span(self.starts[start], self.ends[end - 1])


# fmt: off
_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "del", "dfn", "em", "font", "i", "ins", "label", "mark",
    "nobr", "o:p", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u", "wbr",
])
# fmt: on
_CODE = frozenset(["code", "kbd", "pre", "samp", "var", "tt"])
_READ_ALOUD = frozenset(["alt", "title", "aria-label", "placeholder", "content", "summary", "label"])
_LINKS = frozenset(
    ["href", "src", "action", "background", "cite", "poster", "srcset", "formaction", "xlink:href", "data-href"]
)

_MARKUP = re.compile(
    r"(?P<open_if><!--\[if[^\]]{0,400}+\]>(?:\s*<!--+>)?)"
    r"|(?P<end_if>(?:<!--+)?<!\[endif\]--+>)"
    r"|(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?P<raw><(?P<rawname>style|script)\b[^>]*+>.*?(?:</(?P=rawname)\s*+>|\Z))"
    r"|(?P<chevrons><<[^<>\n]{1,60}>>)"
    r"|(?P<tag><(?P<close>/?)(?P<name>[a-zA-Z][^\s/><]*+)(?P<attrs>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>)"
    r"|(?P<odd><[!?][^>]*+>)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s=/\"'<>]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))|[^\s=/\"'<>]++")
_WORTH_A_LOOK = re.compile(r"[*|{}\[\]%&<«_\uff01-\uff5e]|##|@@|@(?:Model|View)")

_INVISIBLE = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\ufeff"
_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_LOOKALIKE = {"∗": "*", "✱": "*", "❘": "|", "∣": "|", "￨": "|", "❴": "{", "❵": "}"}
_FOLDED = _INVISIBLE + _SPACES + "\uff01-\uff5e" + "".join(_LOOKALIKE)
_ENTITY = r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_PERCENT_ANY = r"%(?:25)*[2-7][0-9A-Fa-f]"
# In running text only the escapes that a tag can hold are worth decoding: `100%25` is nobody's tag.
_PERCENT_TAG = r"%(?:25)*(?:7[BbCcDd]|2[0AaEe]|5[BbDd]|3[CcEeAa]|2[247])"
_SPECIAL = {
    (False, False): re.compile(f"[{_FOLDED}]|{_PERCENT_TAG}"),
    (False, True): re.compile(f"[{_FOLDED}]|{_PERCENT_ANY}"),
    (True, False): re.compile(f"[{_FOLDED}]|{_ENTITY}|{_PERCENT_TAG}"),
    (True, True): re.compile(f"[{_FOLDED}]|{_ENTITY}|{_PERCENT_ANY}"),
}


def _fold_character(char: str) -> str:
    if char in _INVISIBLE:
        return ""
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    if char in _LOOKALIKE:
        return _LOOKALIKE[char]
    return " " if re.match(f"[{_SPACES}]", char) else char


def _fold(found: str) -> str:
    if found[0] == "%":
        return chr(int(found[-2:], 16))
    if found[0] == "&":
        # An editor that escapes twice leaves `&amp;#124;`; people still see a tag in it.
        while found.startswith("&amp;") and len(found) > len("&amp;"):
            found = "&" + found[len("&amp;") :]
        return "".join(_fold_character(c) for c in html.unescape(found))
    return _fold_character(found)


class _Builder:
    """Collects one stream."""

    def __init__(self, source: str, zone: Zone, *, entities: bool) -> None:
        self.source = source
        self.zone = zone
        self.special = _SPECIAL[entities, zone in (Zone.URL, Zone.MAILTO)]
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def plain(self, start: int, end: int) -> None:
        if start < end:
            self.parts.append(self.source[start:end])
            self.starts.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))

    def put(self, text: str, start: int, end: int) -> None:
        self.parts.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))

    def add(self, start: int, end: int) -> None:
        at = start
        for found in self.special.finditer(self.source, start, end):
            self.plain(at, found.start())
            self.put(_fold(found[0]), found.start(), found.end())
            at = found.end()
        self.plain(at, end)

    def stream(self) -> Stream:
        return Stream("".join(self.parts), self.starts, self.ends, self.zone)


def mask(source: str, masked: Sequence[Span]) -> str:
    """The source with the intact tags blotted out, of the same length."""
    out, at = [], 0
    for span in sorted(masked):
        if span.end > at:
            start = max(at, span.start)
            out.append(source[at:start])
            out.append(MASK * (span.end - start))
            at = span.end
    return "".join([*out, source[at:]])


def streams(source: str, part: Part, masked: Sequence[Span]) -> list[Stream]:
    """Every stretch of shadow text of a part. Styles, scripts, comments and code samples are left out;
    what stands in a conditional comment is not, since Outlook shows it.
    """
    blotted = mask(source, masked)
    if part is not Part.HTML:
        builder = _Builder(blotted, Zone.URL if part is Part.LINK else Zone.TEXT, entities=part is Part.LINK)
        builder.add(0, len(blotted))
        return [builder.stream()]
    main = _Builder(blotted, Zone.TEXT, entities=True)
    out: list[Stream] = []
    at, code = 0, 0
    closers = _Closers(blotted)
    for found in _markup(blotted):
        if not code:
            main.add(at, found.start())
        at = found.end()
        kind = found.lastgroup if found["tag"] is None else "tag"
        if not code and (kind == "chevrons" or (kind == "tag" and _is_field(closers, found))):
            main.add(*found.span())
            continue
        name = (found["name"] or "").lower()
        if kind == "tag":
            if name in _CODE:
                code = max(0, code + (-1 if found["close"] else 1))
            if not found["close"] and _WORTH_A_LOOK.search(found["attrs"]):
                out.extend(_attributes(blotted, *found.span("attrs")))
        if name == "br":
            main.put("\n", *found.span())
        elif name not in _INLINE:
            main.put(BLOCK, *found.span())
    if not code:
        main.add(at, len(blotted))
    return [main.stream(), *out]


def _markup(text: str) -> Iterator[re.Match[str]]:
    """All markup. Behind the last `>` there can be none but a comment, so that nothing is looked for there."""
    end = text.rfind(">") + 1
    at = 0
    while found := _MARKUP.search(text, at, end):
        if found.end() == end:
            found = _MARKUP.match(text, found.start()) or found  # what nothing closes goes on to the end of the text
        yield found
        at = found.end()
    if (comment := text.find("<!--", max(at, end))) >= 0 and (rest := _MARKUP.match(text, comment)):
        yield rest


class _Closers:
    """The closing tags of a source, asked by how they begin."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._names: list[str] | None = None

    def has(self, name: str) -> bool:
        """Whether `</name` stands anywhere; the name has at most 80 characters."""
        if self._names is None:
            found = re.finditer("</", self.source)
            self._names = sorted({self.source[one.end() : one.end() + 80] for one in found})
        place = bisect_left(self._names, name)
        return place < len(self._names) and self._names[place].startswith(name)


def _is_field(closers: _Closers, tag: re.Match[str]) -> bool:
    """`<first_name>` is no element of HTML; with a closing tag it is an element of somebody's data."""
    meaning = None if tag["close"] or "=" in tag["attrs"] else word(tag["name"] + tag["attrs"])
    return meaning is not None and meaning.strong and not closers.has(tag["name"])


def _attributes(source: str, start: int, end: int) -> Iterator[Stream]:
    for found in _ATTRIBUTE.finditer(source, start, end):
        if (group := found.lastindex) is None:
            continue  # a word without a value, which is not looked at again from each of its letters
        value, name = found[group], found[1].lower()
        if not _WORTH_A_LOOK.search(value):
            continue
        if name in _READ_ALOUD:
            zone = Zone.TEXT
        elif name in _LINKS:
            zone = Zone.MAILTO if re.match(r"\s*(mailto|sms|tel):", value, re.IGNORECASE) else Zone.URL
        else:
            zone = Zone.OTHER
        builder = _Builder(source, zone, entities=True)
        builder.add(*found.span(group))
        yield builder.stream()


def why_unseen(slice_: str) -> str:
    """What keeps a platform from seeing this slice of source as a tag, as the end of a sentence on `the tag`."""
    for pattern, reason in _REASONS:
        if pattern.search(slice_):
            return reason
    return "half of its delimiters is missing"


_REASONS = (
    (UNFILLED, "a value that was to be put in is missing from it"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), "formatting stands inside it"),
    (re.compile(r"%(?:25)*(?:7[BbCcDd]|2[Aa]|5[BbDd])"), "it is percent-encoded"),
    (re.compile(_ENTITY), "parts of it are written as HTML entities"),
    (re.compile("[\uff01-\uff5e∗✱❘∣￨❴❵]"), "it is written with full-width or look-alike characters"),
    (re.compile(f"[{_INVISIBLE}]"), "an invisible character stands inside it"),
    (re.compile(f"[{_SPACES}]"), "a non-breaking space stands inside it"),
    (re.compile(r"[\r\n]"), "a line break stands inside it"),
    (re.compile(r"\*\s+\||\|\s+\*|\{\s+[{%]|[%}]\s+\}"), "a space stands between the signs that should enclose it"),
)


_INSIDE = re.compile(f"</?[a-zA-Z][^<>]*>|[{_FOLDED}]|{_ENTITY}|{_PERCENT_TAG}")


def fold_text(text: str) -> str:
    """A short text (the inside of a tag) as a person takes it: without markup, escapes and look-alikes."""
    return _INSIDE.sub(lambda found: "" if found[0][0] == "<" else _fold(found[0]), text)
