"""Addresses that somebody typed to try something out, told by the words of the name, its tag and the domain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from presend.mail import Mail
from presend.reading import Listed, Who
from presend_checks._addresses import chosen, domain_of, halves, judged, name_of, on_list, words_of
from presend_checks._lexicon import entries

_REPEATED = re.compile(r"([a-z])\1*|\d+")
"""What is typed for no name and no domain: a letter, one over and over, or digits."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROOMS = frozenset(("test", "tests", "testing", "qa", "uat", "staging", "sandbox", "e2e"))
"""First labels of a domain under which an organisation tries things out."""
_SECOND = frozenset(("co", "com", "org", "net", "ac", "gov", "edu"))
"""Labels under which a country gives out domains: qa.co.uk is a firm's own."""
_SHORT = 3
"""Words for a test of so few letters (qa) are told only where a sign or a known word is beside them."""
_MOST = 6
"""Names of more words are sentences."""


@cache
def _tests() -> frozenset[str]:
    return frozenset(entries("segments", "test_words"))


@cache
def _beside() -> frozenset[str]:
    listed = entries("segments", "beside_test")
    return frozenset("".join(one.split()) for one in listed) | frozenset(word for one in listed for word in one.split())


@cache
def _fillers() -> frozenset[str]:
    return frozenset(entries("segments", "no_domains"))


@on_list
def _listed() -> Listed:
    """What is a test's for sure."""
    domains = (*entries("segments", "seeds"), *entries("segments", "test_domains"))
    return Listed(entries("segments", "tests"), domains)


@on_list
def _near() -> Listed:
    """What every other such address is among."""
    long, short = (chosen(word for word in sorted(_tests()) if (len(word) > _SHORT) is more) for more in (True, False))
    letters = chosen(f"{letter}{letter}?{letter}?{letter}?" for letter in _LETTERS)
    fillers = chosen(dict.fromkeys(word.rstrip("0123456789") for word in sorted(_fillers()) if not word.isdigit()))
    beside = chosen(sorted(_beside()))
    names = (
        *(f"**{long}**", f"(**_)?{short}(_**)?", f"{beside}{short}", f"{short}{beside}"),
        *(f"**+(**_)?({short}|seed)(_**)?", letters, fillers, chosen("0123456789")),
    )
    return Listed(names, tuple(f"{room}.**" for room in sorted(_ROOMS)))


def is_test(name: str, domain: str) -> bool:
    """Whether an address is a test's: by its words, by the tag behind a plus, or because both sides hold nothing."""
    words, tag = words_of(name), words_of(name.partition("+")[2])
    if _is_filler(name.partition("+")[0]) and _is_filler(domain.partition(".")[0]):
        return True
    if "seed" in tag or _tries(tag) or (len(words) <= _MOST and _tries(words)):
        return True
    first, _dot, rest = domain.partition(".")
    return first in _ROOMS and "." in rest and rest.partition(".")[0] not in _SECOND


def _is_filler(text: str) -> bool:
    return text in _fillers() or _REPEATED.fullmatch(text) is not None


def _tries(words: list[str]) -> bool:
    """Whether each word is for a test or stands beside one, and one at least is for a test."""
    known = [_known(word) for word in words]
    return None not in known and True in known


def _known(word: str) -> bool | None:
    if word in _tests():
        return True
    if word in _beside():
        return False
    tests, beside = _tests(), _beside()
    joined = any(
        (one in tests and (other in tests or other in beside)) or (one in beside and other in tests)
        for one, other in halves(word)
    )
    return True if joined else None


def of_tests(mail: Mail) -> Who:
    """Recipients whose address is of somebody who tries something out, or of a service that measures delivery."""
    listed = _listed(mail)

    def tries(address: str, _values: Sequence[str]) -> bool | None:
        return is_test(name_of(address), domain_of(address)) or None

    sure, _perhaps = judged(mail, _near(mail) & ~listed, (), tries)
    return listed | sure
