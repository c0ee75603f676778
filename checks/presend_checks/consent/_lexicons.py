"""The word lists beside the checks of consent: one entry a line, `#` starts a comment line."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of `lexicons/<name>.txt` as they are written."""
    file = resources.files("presend_checks.consent").joinpath("lexicons", f"{name}.txt")
    kept = (line.strip() for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(line for line in kept if line)


@cache
def phrases(name: str) -> re.Pattern[str]:
    """Any of the entries where a word begins, with any blanks between its words and any apostrophe."""
    each = sorted((_loose(entry) for entry in lines(name)), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})", re.IGNORECASE)


def _loose(entry: str) -> str:
    return r"\s+".join(re.escape(word).replace("'", "['’]") for word in entry.split())
