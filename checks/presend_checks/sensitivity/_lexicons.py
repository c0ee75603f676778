"""The word lists beside the checks of sensitivity: one entry a line, `#` starts a comment line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of `lexicons/<name>.txt` as they are written."""
    file = resources.files("presend_checks.sensitivity").joinpath("lexicons", f"{name}.txt")
    kept = (line.strip() for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(line for line in kept if line)


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """The entries by what stands before their bar: `health | chronic illness`."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines(name):
        kind, _, entry = line.partition("|")
        found[kind.strip()] = (*found.get(kind.strip(), ()), entry.strip())
    return found


@cache
def phrases(name: str) -> re.Pattern[str]:
    """Any of the entries as whole words."""
    return whole(lines(name))


def whole(entries: Iterable[str]) -> re.Pattern[str]:
    """Any of some entries as whole words, with any blanks between them and any apostrophe; `*` ends any word."""
    each = sorted((_loose(entry) for entry in entries), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(each)})(?![\w-])", re.IGNORECASE)


def _loose(entry: str) -> str:
    words = (re.escape(word).replace("'", "['’]").replace(r"\*", r"[\w-]*") for word in entry.split())
    return r"[^\S\n]+".join(words)
