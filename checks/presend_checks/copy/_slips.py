"""Slips of one letter in common English words: two exchanged, one left out, written twice or taken for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from presend_checks._lexicon import entries

_LEFT_OUT = 7
"""Letters from which a word with one left out is no other word."""
_DOUBLED = 6
"""The same for one of two consonants."""
_TWICE = 7
"""The same for a letter that is written twice, or missing at the end …"""
_MISSING_LAST = "ethlmk"
"""… where it is one of these: other endings are forms of the word, or left out in speech."""
_OTHER = 8
"""The same for a letter that stands for another that sounds like it."""
_ALIKE = ("aeiou", "cs")


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
    for at in range(1, len(word) - 1) if len(word) >= _DOUBLED else ():
        if word[at] == word[at + 1] and word[at] not in "aeiou":
            yield word[:at] + word[at + 1 :]
    if len(word) >= _TWICE and word[-1] in _MISSING_LAST:
        yield word[:-1]
    for at in range(1, len(word)) if len(word) >= _TWICE else ():
        if word[at] != word[at - 1]:
            yield word[:at] + word[at] + word[at:]
    for at in range(1, len(word)) if len(word) >= _OTHER else ():
        for letters in _ALIKE:
            if word[at] in letters:
                yield from (word[:at] + other + word[at + 1 :] for other in letters if other != word[at])
