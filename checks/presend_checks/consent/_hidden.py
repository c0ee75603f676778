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
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:max-height|opacity)\s*:\s*0(?:px|em|%)?)"
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
    return [
        (found.start(), _end(source, found["element"].lower(), found.end()))
        for found in _STYLED.finditer(source)
        if found["element"].lower() not in _EMPTY
        and _hides(found["inside"])
        and not (responsive and _NAMED.search(found["inside"]))
    ]


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
