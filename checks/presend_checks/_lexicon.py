"""The word lists beside the checks: one entry a line, `# ` starts a comment line; shared by the families of checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources


@cache
def entries(family: str, name: str) -> tuple[str, ...]:
    """The entries of `<family>/lexicons/<name>.txt` as they are written."""
    file = resources.files(f"presend_checks.{family}").joinpath("lexicons", f"{name}.txt")
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    # Without a blank behind it the sign is an entry's own: "#N/A".
    return tuple(line for line in lines if line and line != "#" and not line.startswith("# "))


@cache
def rows(family: str, name: str, sign: str) -> tuple[tuple[str, ...], ...]:
    """The entries cut at a sign. Raises ValueError for a line that has no such sign, or nothing on one side of it."""
    found = []
    for line in entries(family, name):
        cells = tuple(cell.strip() for cell in line.split(sign))
        if len(cells) < 2 or not all(cells):
            raise ValueError(f"{family}/lexicons/{name}.txt: no `{sign.strip()}` between two words in {line!r}")
        found.append(cells)
    return tuple(found)


@cache
def pairs(family: str, name: str, sign: str) -> Mapping[str, str]:
    """What stands before the sign, and what behind it."""
    return {before: behind for before, behind, *_more in rows(family, name, sign)}


def any_of(several: Iterable[str], *, blanks: str = r"\s+", star: bool = False) -> str:
    """An expression for any of some entries, the longest first, whatever their apostrophes and blanks.

    With `star`, that sign in an entry stands for the rest of a word.
    """
    each = sorted(several, key=len, reverse=True)
    return f"(?:{'|'.join(_loose(entry, blanks, star=star) for entry in each)})"


def _loose(entry: str, blanks: str, *, star: bool) -> str:
    words = (re.escape(word).replace("'", "['’]") for word in entry.split())
    return blanks.join(word.replace(r"\*", r"[\w-]*") if star else word for word in words)
