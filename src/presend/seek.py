"""Finds the next of a few fixed delimiters in a long text without reading the text again for every question."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache


class Seeker:
    """The places of delimiters in one text, each delimiter looked for once, when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places: dict[str, list[int]] = {}

    def next(self, delimiter: str, start: int, end: int | None = None) -> int:
        """As `text.find(delimiter, start, end)`: where it stands next, or -1."""
        places = self._of(delimiter)
        index = bisect_left(places, start)
        if index == len(places) or (end is not None and places[index] + len(delimiter) > end):
            return -1
        return places[index]

    def count(self, delimiter: str, end: int) -> int:
        """How many of a delimiter of one character stand before `end`."""
        return bisect_left(self._of(delimiter), end)

    def last(self, delimiter: str, end: int) -> int:
        """As `text.rfind(delimiter, 0, end)`: where the last one stands, or -1."""
        places = self._of(delimiter)
        index = bisect_right(places, end - len(delimiter))
        return places[index - 1] if index else -1

    def _of(self, delimiter: str) -> list[int]:
        if delimiter not in self._places:
            # Within a lookahead, so that those that overlap are found as well, as `find` finds them.
            found = re.finditer(f"(?={re.escape(delimiter)})", self.text)
            self._places[delimiter] = [one.start() for one in found]
        return self._places[delimiter]


@lru_cache(maxsize=8)
def seeker(text: str) -> Seeker:
    """The seeker of a text about which many questions come one after the other."""
    return Seeker(text)
