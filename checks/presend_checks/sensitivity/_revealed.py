"""Sensitive things that a field, a value or the copy reveals, by category."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from presend_checks._copy import VALUE
from presend_checks.sensitivity._lexicons import phrases, table, whole

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def field_category(column: str, label: str = "") -> str:
    """What a column is about by its name, else its label; empty where it is nothing sensitive."""
    return column_kind("fields", column, label)


def column_kind(lexicon: str, column: str, label: str = "") -> str:
    """The kind under which a lexicon of names of fields has a column, by its name, else its label; empty if none."""
    for name in (column, label):
        words = " ".join(re.split(r"[\W_]+", _CAMEL.sub(" ", name.rsplit(".", 1)[-1]))).strip()
        for category, pattern in _wholes(lexicon).items():
            if words and pattern.fullmatch(words):
                return category
    return ""


def value_category(value: object) -> str:
    """What a whole value says by itself; empty where it says nothing sensitive."""
    if not isinstance(value, str) or len(value) > 60:
        return ""
    return _values().get(" ".join(value.split()).casefold(), "")


@cache
def _values() -> Mapping[str, str]:
    return {entry.casefold(): category for category, entries in table("values").items() for entry in entries}


@cache
def _wholes(name: str) -> Mapping[str, re.Pattern[str]]:
    return {category: whole(entries) for category, entries in table(name).items()}


def said(name: str, text: str) -> tuple[str, re.Match[str]] | None:
    """The first words of a lexicon in a text, with their category."""
    for category, pattern in _wholes(name).items():
        if found := pattern.search(text):
            return category, found
    return None


def stands_alone(text: str, end: int) -> bool:
    """Whether words that end there are not the first half of a thing's name, as in "your pregnancy pillow"."""
    rest = text[end:]
    if not rest.strip() or rest[0] == VALUE:
        return True  # a branch ends there; a value would have a blank before it
    rest = rest.lstrip()
    return not (rest[0].isalnum() or rest[0] == VALUE) or phrases("ends").match(rest) is not None
