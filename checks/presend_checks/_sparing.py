"""Expressions that are compiled when a text first holds the words that they need: most letters hold those of few."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from presend_checks._needed import NONE, Needs, Rough, held, needed


@dataclass(frozen=True, slots=True)
class Sparing:
    """An expression with the methods of `re.Pattern`, and the same answers."""

    pattern: str
    flags: int
    needs: Needs

    def may_match(self, text: str) -> bool:
        """Whether a text holds what the expression needs."""
        return held(text).meets(self.needs)

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self.compiled().search(text, at) if self.may_match(text) else None

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self.compiled().match(text, at) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled().fullmatch(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled().finditer(text) if self.may_match(text) else iter(())

    def compiled(self) -> re.Pattern[str]:
        return _compiled(self.pattern, self.flags)


def sparing(
    pattern: str, flags: int = re.IGNORECASE, *, shape: str = "", choices: Mapping[str, Rough] = NONE
) -> Sparing:
    """An expression that is not compiled yet. Raises ValueError where its needs cannot be read, or holds comments.

    `shape` is how the pattern was written, with `<name>` for each of the `choices`, or for what tells nothing: it is
    shorter to read.
    """
    if flags & re.VERBOSE:
        raise ValueError(f"{pattern!r}: blanks and comments are read as they stand")
    return Sparing(pattern, flags, needed(shape or pattern, choices))


@cache
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)
