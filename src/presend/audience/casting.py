"""Reads the texts of a CSV file as the numbers and flags that `--fields` says its columns hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from presend.audience.csvfile import Broken, Record

Cast = Callable[[str], int | float | bool | None]
"""A text as a value of a type; None for what is none."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?")
_FLAGS = {"true": True, "false": False}


def number(text: str) -> int | float | None:
    """A number as JSON writes one: `12`, `-3.5`; not `1,200`, `+5`, or `007`, which may be a code."""
    if _NUMBER.fullmatch(text.strip()) is None:
        return None
    return float(text) if "." in text else int(text)


def flag(text: str) -> bool | None:
    """`true` or `false`, in any letters; not `yes` or `1`, which may be a text or a number."""
    return _FLAGS.get(text.strip().casefold())


CASTS: Mapping[str, Cast] = {"number": number, "boolean": flag}
"""By the type that a field is said to have."""


def misfits(rows: Iterable[tuple[int, Record] | Broken], wanted: Mapping[int, Cast]) -> dict[int, int]:
    """How many cells of each wanted column (by its place) hold something that is no value of its type; 0 where none."""
    found = dict.fromkeys(wanted, 0)
    for row in rows:
        if not isinstance(row, Broken):
            for index, cast in wanted.items():
                text = row[1][index]
                found[index] += bool(text) and cast(text or "") is None
    return found
