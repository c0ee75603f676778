"""Which words between brackets stand for a merge field, and the tag that each platform has for them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from presend.model import Platform

_PREFIX = re.compile(
    r"^(?:missing token|insert|merge|enter|contact|person|user|subscriber|recipient|customer|client|lead|member|"
    r"your|their|customer'?s|recipient'?s|ihr|dein|votre|ton|(?:il )?(?:tuo|suo)|tu|su|(?:o )?seu|jouw|uw|din|ditt)"
    r"\b[\s.:_-]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[|,]\s*(?:fallback|default|[\"'“‘]).*|:-.*|:[A-Za-z ]*|\bor\b\s*[\"'“].*|\b(?:goes )?here)$",
    re.IGNORECASE | re.DOTALL,
)
_NOISE = re.compile(r"[\s_.\-!/]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word that stands for something about the recipient."""

    concept: str
    strong: bool
    """Means a field wherever it stands between delimiters; a plain one may be an ordinary word."""


@cache
def _table() -> tuple[dict[str, Word], dict[str, dict[str, str]]]:
    text = resources.files("presend.dialects").joinpath("placeholders.toml").read_text(encoding="utf-8")
    words: dict[str, Word] = {}
    tags: dict[str, dict[str, str]] = {}
    for concept, entry in tomllib.loads(text).items():
        words.update({word: Word(concept, False) for word in entry["plain"]})
        words.update({word: Word(concept, True) for word in entry["strong"]})
        tags[concept] = {key: tag for key, tag in entry.items() if isinstance(tag, str)}
    return words, tags


def _key(text: str) -> str:
    return _NOISE.sub("", text).casefold().rstrip("0123456789")


def word(text: str) -> Word | None:
    """The lexicon's word that `text` is (`First_Name`, `your first name`, `contact.firstname`), or None."""
    if len(text) > 80:
        return None
    words, _tags = _table()
    bare = text.strip()
    trimmed = _TAIL.sub("", bare)
    stripped = _PREFIX.sub("", trimmed)
    for candidate in (bare, trimmed, stripped, _PREFIX.sub("", stripped)):
        if candidate and (found := words.get(_key(candidate))):
            return found
    return None


def tag_for(text: str, platform: Platform) -> str:
    """The platform's own tag for what a placeholder or another platform's tag names; empty when nobody can tell."""
    found = word(text) or word(re.sub(r"^[a-z]+\.", "", text.strip()))
    if found is None:
        return ""
    return _table()[1][found.concept].get(platform.value, "")
