"""Which stretches of an HTML source no reader ever sees: what stands in comments, and elements that a style hides."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_STYLED = re.compile(
    r"""<(?P<element>[a-zA-Z][\w-]*)(?P<inside>(?:[^<>"']++|"[^"]{0,4000}+"|'[^']{0,4000}+')*+)>""", re.IGNORECASE
)
_STYLE = re.compile(r"""\bstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:max-height|opacity)\s*:\s*0(?:px|em|%)?"
    r"|(?:left|top|text-indent|margin-left)\s*:\s*-\d{4,6}px)"
    r"\s*(?:!important\s*)?(?=;|$)",
    re.IGNORECASE,
)
"""Not by the size of letters: a frame of size 0 is how many templates take out gaps, with larger letters inside."""
_ATTRIBUTE = re.compile(r"(?:^|\s)hidden(?=[\s/=]|$)", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAMED = re.compile(r"\s(?:class|id)\s*=", re.IGNORECASE)
_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)

_FAINT = re.compile(r"(?:^|;)\s*font-size\s*:\s*[01](?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?=;|$)", re.IGNORECASE)
_WHITE = r"(?:#f{3}|#f{6}|#fefefe|white|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))"
_IN_WHITE = re.compile(rf"(?:^|;)\s*color\s*:\s*{_WHITE}\s*(?:!important\s*)?(?=;|$)", re.IGNORECASE)
_OWN = re.compile(r"\b(?:color|font-size)\s*[:=]|<img\b", re.IGNORECASE)
"""Inside of a link: letters that have a colour or a size of their own, or a picture."""
_INSIDE = 3000
"""Signs of a link's content that are looked at."""
_GROUND = re.compile(r"\b(?:bgcolor|background(?:-color|-image)?)\s*[:=]\s*[\"']?\s*([^;\"'>\s]{1,40})", re.IGNORECASE)
_NO_GROUND = re.compile(rf"(?:{_WHITE}|transparent|none|inherit)", re.IGNORECASE)

Spans = tuple[tuple[int, int], ...]


class Hidden:
    """The stretches of a source that nobody sees, asked by offset."""

    def __init__(self, source: str) -> None:
        found = sorted([*(one.span() for one in _COMMENT.finditer(source)), *_elements(source)])
        merged: list[tuple[int, int]] = []
        for start, end in found:
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        self._starts = [start for start, _end in merged]
        self._ends = [end for _start, end in merged]

    def holds(self, offset: int) -> bool:
        """Whether nobody sees what stands at the offset."""
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]


@lru_cache(maxsize=4)
def hidden_in(source: str) -> Hidden:
    """What nobody sees of a source, found once for all that ask while it is being read."""
    return Hidden(source)


def _elements(source: str) -> list[tuple[int, int]]:
    """Elements that their own style hides; one that has a class may be shown again by a rule for small screens."""
    responsive = "@media" in source.casefold()
    white = all(_NO_GROUND.match(ground) for ground in _GROUND.findall(source))
    # What Outlook alone reads opens and closes elements of its own, which would upset the count of the others.
    bare = _COMMENT.sub(lambda comment: " " * len(comment[0]), source)
    return [
        (found.start(), _end(bare, found["element"].lower(), found.end()))
        for found in _STYLED.finditer(bare)
        if found["element"].lower() not in _EMPTY
        and (_hides(found["inside"]) or _faint(source, found, white=white))
        and not (responsive and _NAMED.search(found["inside"]))
    ]


def _faint(source: str, found: re.Match[str], *, white: bool) -> bool:
    """Whether a link's letters are of no size, or white on a page that is nowhere of another colour."""
    if found["element"].lower() != "a":
        return False
    styles = " ; ".join(one or other for one, other in _STYLE.findall(found["inside"]))
    if not (_FAINT.search(styles) or (white and _IN_WHITE.search(styles))):
        return False
    until = source[found.end() : found.end() + _INSIDE].casefold().find("</a")
    return until >= 0 and _OWN.search(source, found.end(), found.end() + until) is None


def _hides(inside: str) -> bool:
    styles = " ; ".join(one or other for one, other in _STYLE.findall(inside))
    return _HIDING.search(styles) is not None or _ATTRIBUTE.search(_QUOTED.sub("", inside)) is not None


def _end(source: str, element: str, at: int) -> int:
    """Where the element ends whose start tag ends at a place; the end of the source where it is never closed."""
    depth = 1
    for found in re.finditer(rf"<(/?){re.escape(element)}\b[^<>]*>", source[at:], re.IGNORECASE):
        depth += -1 if found[1] else 1
        if not depth:
            return at + found.end()
    return len(source)
