"""The word lists beside the checks: one entry a line, `#` starts a comment line."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of `lexicons/<name>.txt` as they are written."""
    file = resources.files("presend_checks.values").joinpath("lexicons", f"{name}.txt")
    # Only "# " starts a comment: "#N/A" is an entry.
    kept = (line.strip() for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("# "))
    return tuple(line for line in kept if line)


@cache
def exactly(name: str) -> frozenset[str]:
    """The entries as they are written, for whole values."""
    return frozenset(lines(name))


@cache
def words(name: str) -> frozenset[str]:
    """The entries without case, for whole values."""
    return frozenset(line.casefold() for line in lines(name))


@cache
def names_too() -> dict[str, frozenset[str]]:
    """Placeholders that are also names, each with the spellings that only computers write."""
    found = {}
    for line in lines("names_too"):
        word, _, spellings = line.partition("|")
        found[word.strip().casefold()] = frozenset(spellings.split())
    return found
