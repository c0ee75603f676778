"""What mails say of their readers, from the phrase files: `kind = wording`, one a line, a file or more per language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from presend_checks._needed import Rough, rough
from presend_checks._sparing import Sparing, sparing


class About(StrEnum):
    """What a wording says of the reader; the value is the word in front of it in the phrase files."""

    PURCHASE = "purchase"
    RECENT = "recent"
    ABSENCE = "absence"
    UNORDERED = "unordered"
    RETURN = "return"
    BIRTHDAY = "birthday"
    BIRTHDAY_MONTH = "birthday_month"
    YEARS = "years"
    YEARS_EXACT = "years_exact"
    TIER = "tier"
    MEMBER = "member"
    LOYAL = "loyal"
    POINTS = "points"
    OWNER = "owner"
    RESIDENT = "resident"
    BROWSING = "browsing"
    FAMILY = "family"
    ANNIVERSARY = "anniversary"
    HOME = "home"
    DID = "did"
    LIFE = "life"
    PENDING = "pending"


_CHOICE = re.compile(r"(?<!P)<(\w+)>")
"""A choice of words in an entry, and not the name of a group."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording."""

    about: About
    language: str
    sure: bool
    """False where the wording may be meant otherwise."""
    bound: bool
    """Whether it says so only where what it names is a value in a field of the recipients that means such things."""
    entry: str
    """As it stands in the file."""
    pattern: Sparing


@cache
def phrases() -> tuple[Phrase, ...]:
    """All wordings of all languages. Raises ValueError for a line that is none, KeyError for a choice that is none."""
    folder = resources.files("presend_checks.claims").joinpath("phrases")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".txt")), key=lambda f: f.name)
    return tuple(one for f in files for one in _read(f.name.removesuffix(".txt"), f.read_text(encoding="utf-8")))


def _read(name: str, text: str) -> Iterator[Phrase]:
    language = name.partition("-")[0]
    choices: dict[str, str] = {}
    needs: dict[str, Rough] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, equals, entry = line.partition(" = ")
        if not equals:
            raise ValueError(f"phrases/{name}.txt: no ` = ` in {line!r}")
        whole = _CHOICE.sub(lambda found: f"(?:{choices[found[1]]})", entry)
        if kind.startswith("@"):
            choices[kind[1:]], needs[kind[1:]] = whole, rough(entry, needs)
            continue
        about = About(kind.rstrip("?*"))
        yield Phrase(
            about, language, "?" not in kind, "*" in kind, entry, sparing(_pattern(whole), shape=entry, choices=needs)
        )


def _pattern(entry: str) -> str:
    """A wording as a pattern over a line of copy whose apostrophes are straight."""
    loose = entry.strip().replace(" ?", r"[\x20\t]*").replace(" ", r"[\x20\t]+")
    return rf"(?<![\w'-]){loose}(?![\w-])"
