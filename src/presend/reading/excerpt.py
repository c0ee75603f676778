"""Short quotations of what somebody would read around a place, with or without the person's values in clear."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from presend.model import Part
from presend.reading.reading import PartReading
from presend.reading.rendered import Rendered
from presend.seek import seeker

AROUND = 48
"""Visible characters kept on each side of the place."""

LONGEST = 160
"""Characters of the place itself that are quoted."""

_HIDDEN = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_CONDITIONAL = re.compile(r"<!--\s*\[if\b", re.IGNORECASE)
_BLOCK = re.compile(r"</?(p|div|td|tr|table|br|h[1-6]|li|ul|ol|body|html|section|center|hr)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"(&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)")
_TAG = re.compile(r"<[^<>]*>")
_SPOKEN = re.compile(r"<[a-z][^<>]*?\s(?:alt|title|aria-label)\s*=\s*([\"'])((?:(?!\1)[^<>])*)\Z", re.IGNORECASE)
"""In front of a place in a text that stands for a picture or a link."""
_SPACE = re.compile(r"[^\S\u00a0]+")


def mask(text: str) -> str:
    """The text with its class kept and its content gone: letters x/X, digits 9, the rest as it is."""
    return "".join("9" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in text)


def _mask_markup(value: str) -> str:
    """The value masked without a change of length: an entity keeps its name unless it stands for a letter or digit."""
    pieces = _ENTITY.split(value)
    for i in range(1, len(pieces), 2):
        pieces[i] = "x" * len(pieces[i]) if html.unescape(pieces[i]).isalnum() else pieces[i]
    pieces[::2] = [mask(piece) for piece in pieces[::2]]
    return "".join(pieces)


def masked(rendered: Rendered, *, markup: bool) -> str:
    """A rendered part of the same length in which everything that came from the recipient's data is masked."""
    if (known := rendered.kept.get(markup)) is not None:
        return known
    hidden = _mask_markup if markup else mask
    out, at = [], 0
    for start, end, expression in rendered.marks:
        out.append(rendered.text[at:start])
        value = rendered.text[start:end]
        out.append(hidden(value) if expression.columns else value)
        at = end
    rendered.kept[markup] = "".join([*out, rendered.text[at:]])
    return rendered.kept[markup]


@lru_cache(maxsize=1024)
def visible(source: str) -> str:
    """The readable text of a stretch of HTML that may begin or end inside a tag."""
    close, open_ = source.find(">"), source.find("<")
    if close != -1 and (open_ == -1 or close < open_):
        source = source[close + 1 :]
    if source.rfind("<") > source.rfind(">"):
        source = source[: source.rfind("<")]
    text = _TAG.sub("", _BLOCK.sub(" \u2022 ", _HIDDEN.sub(" ", source)))
    text = _SPACE.sub(" ", html.unescape(text))
    return re.sub(r"(?: ?\u2022 ?)+", " | ", text).strip(" |")


def around(reading: PartReading, rendered: Rendered, start: int, end: int, *, show_pii: bool) -> str:
    """What stands around [start, end) of the rendered text, as a person would read it, on one line."""
    text = rendered.text if show_pii else masked(rendered, markup=reading.part is Part.HTML)
    if reading.part is not Part.HTML:
        end = min(end, start + LONGEST)
        # A place is quoted with its own line, not with what stands above and below it.
        first = max(0, start - AROUND)
        left = max(first, text.rfind("\n", first, start) + 1)
        newline = text.find("\n", end, end + AROUND)
        right = newline if newline != -1 else min(len(text), end + AROUND)
        return " ".join(line.strip(" \t\r") for line in text[left:right].splitlines()).strip(" ")
    # Markup is not read: take more of it, then keep what is near the place.
    inside = _in_comment(text, start)
    if inside is not None:
        left, right = inside
        return " ".join(text[max(left, start - AROUND) : min(right, end + AROUND)].split())
    if (spoken := _SPOKEN.search(text, max(0, start - 600), start)) is not None:
        # What stands for a picture is quoted by itself, and not with what is read around the picture.
        left, closed = start - len(spoken[2]), text.find(spoken[1], end, end + 600)
        return " ".join(html.unescape(text[left : closed if closed != -1 else end]).split())
    before = _last_block(visible(text[max(0, start - 600) : start] + "\u0001"))
    after = _first_block(visible("\u0001" + text[end : end + 600]))
    middle = html.unescape(text[start:end]) if "<" not in text[start:end] else visible(text[start:end])
    before, after = before.replace("\u0001", ""), after.replace("\u0001", "")
    return (before[-AROUND:] + middle[:LONGEST] + after[:AROUND]).strip()


def _in_comment(text: str, at: int) -> tuple[int, int] | None:
    """Where the comment around a place begins and ends; None outside of one. Outlook's conditional ones are content."""
    known = seeker(text)
    opened = known.last("<!--", at)
    if opened == -1 or known.next("-->", opened, at) != -1 or _CONDITIONAL.match(text, opened):
        return None
    closed = known.next("-->", at)
    return opened, len(text) if closed == -1 else closed + len("-->")


def _last_block(text: str) -> str:
    return text.rsplit(" | ", 1)[-1]


def _first_block(text: str) -> str:
    return text.split(" | ", 1)[0]
