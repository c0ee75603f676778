"""Stretches of a part that are struck out: an old price, an end that was put off."""

from __future__ import annotations

import re

from presend.model import Part
from presend.reading import PartReading

_LONGEST = 500
"""Characters of source within which what is struck out ends."""
_OPENS = re.compile(
    r"<(?P<element>s|del|strike)(?:\s[^<>]{0,500})?>|<(?P<styled>[a-z]+)\s[^<>]{0,500}line-through[^<>]{0,500}>",
    re.IGNORECASE,
)


def struck(part: PartReading, offset: int) -> bool:
    """Whether what stands at an offset of the source is struck out."""
    if part.part is not Part.HTML:
        return False
    begin = max(0, offset - _LONGEST)
    for found in _OPENS.finditer(part.source, begin, offset):
        close = f"</{(found['element'] or found['styled']).lower()}"
        if close not in part.source[found.end() : offset].lower():
            return True
    return False
