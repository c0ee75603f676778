"""The word lists beside the checks of copy: one entry a line, `#` starts a comment line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of `words/<name>.txt` as they are written."""
    file = resources.files("presend_checks.copy").joinpath("words", f"{name}.txt")
    kept = (line.strip() for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(line for line in kept if line)


@cache
def pairs(name: str) -> Mapping[str, str]:
    """The entries `wrong -> right` of a list. Raises ValueError for a line that is none."""
    found = {}
    for line in lines(name):
        wrong, arrow, right = line.partition(" -> ")
        if not arrow or not wrong or not right:
            raise ValueError(f"words/{name}.txt: no `wrong -> right` in {line!r}")
        found[wrong] = right
    return found
