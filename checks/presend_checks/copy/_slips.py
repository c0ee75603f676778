"""Slips of one letter in common English words: two exchanged, one left out, one written twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from presend_checks._lexicon import entries

_LEFT_OUT = 8
"""Letters from which a word with one left out is no other word."""
_TWICE = 7
"""The same for a letter that is written twice."""


@cache
def slips() -> Mapping[str, str]:
    """Each form that can only be a slip, in small letters, with the word that is meant."""
    words = entries("copy", "common_words")
    right = frozenset(words) | frozenset(entries("copy", "real_words"))
    meant: dict[str, str] = {}
    doubtful = set()
    for word in words:
        for form in _forms(word):
            if form not in right and meant.setdefault(form, word) != word:
                doubtful.add(form)
    return {form: word for form, word in meant.items() if form not in doubtful}


def _forms(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word) - 1) if len(word) >= _LEFT_OUT else ():
        yield word[:at] + word[at + 1 :]
    for at in range(1, len(word)) if len(word) >= _TWICE else ():
        if word[at] != word[at - 1]:
            yield word[:at] + word[at] + word[at:]
