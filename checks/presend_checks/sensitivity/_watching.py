"""What a sentence says of having watched its reader: who looked on, and at which deed."""

from __future__ import annotations

import re
from functools import cache

from presend.model import Confidence
from presend_checks._lexicon import rows
from presend_checks._needed import Rough, rough
from presend_checks._sparing import Sparing, sparing
from presend_checks.sensitivity._lexicons import phrases

_HOW = r"(?: (?:just|only|recently|been|still|also|again|always|often|late|already|both|are|were|have|had|all)){0,3}"
_YOU = r"(?: that| how)? (?:you(?:'ve|'re|'d)?)"
_VAGUE = re.compile(
    r"\b(?:look|search)\w* for\b"
    r"|\bvisit\w*(?! (?:(?:our|the|that|this) (?:\w+ )?(?:page|site|website|web ?shop)|\w+ times|\w+ pages))"
    r"|\b(?:up|awake) (?:late|all|until|till)\b",
    re.IGNORECASE,
)
"""Deeds of which a sender may know otherwise, or that everybody does."""
_GUESSED = re.compile(r"\b(?:know|knew|remember|bird|birdie)\b", re.IGNORECASE)
_TOLD = re.compile(r"[\"“”„«»‘]|\b(?:film|movie|song|novel|album|exhibition|poem|episode|chapter)\b", re.IGNORECASE)
"""Somebody else's words, or a title."""
_IN_PERSON = re.compile(
    r"\b(?:fair|stand|booth|stall|festival|conference|gala|party|open (?:day|evening|night)|workshop|race|match)\b",
    re.IGNORECASE,
)


def watched(text: str) -> tuple[re.Match[str], Confidence] | None:
    """The first words that tell the reader of having been watched, and how sure it is that they do."""
    for pattern in _spied():
        if (found := pattern.search(text)) is not None:
            return found, Confidence.MEDIUM if _TOLD.search(text) else Confidence.HIGH
    for found in _seen().finditer(text):
        if _IN_PERSON.search(text):
            continue
        rest = f"{found['deed']}{text[found.end() : found.end() + 40]}"
        guessed = _GUESSED.search(found["who"]) is not None
        if guessed and _VAGUE.match(rest):
            continue
        vague = _VAGUE.match(rest) is not None or _TOLD.search(text) is not None
        return found, Confidence.MEDIUM if vague else Confidence.HIGH
    found = phrases("watched").search(text)
    if found is None or re.match(r"\s+forward\b", text[found.end() :]) or _IN_PERSON.search(text):
        return None
    return found, Confidence.MEDIUM


@cache
def _seen() -> Sparing:
    """We saw you looking; a watcher without "we" only where the sentence begins."""
    who = "|".join(
        line if line.startswith(("we", "our", "(?:it", "a little")) else rf"(?<![^\W_] ){line}"
        for line in _expressions("watchers")
    )
    return _loose(rf"(?<!\w)(?P<who>{who}){_YOU}{_HOW} (?P<deed>{'|'.join(_expressions('deeds'))})(?!\w)")


@cache
def _spied() -> tuple[Sparing, ...]:
    return tuple(_loose(rf"(?<![\w-]){line}(?!\w)") for line in _expressions("spied"))


def _expressions(name: str) -> list[str]:
    return [expression for expression, *_examples in rows("sensitivity", name, " => ")]


_COUNTED = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|dozens of|several|many)"
_MACROS = {
    "<nth>": (
        r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth"
        r"|\d+(?:st|nd|rd|th))"
    ),
    "<times>": rf"(?:twice|{_COUNTED} times)",
    "<page>": r"(?:[\w-]+ ){0,3}(?:page|pages|site|website|web ?shop|checkout|listing|tab|app)",
    "<mail>": r"(?:e-?mails?|mails?|newsletters?|messages?|letters?|notes?)",
}
"""What several expressions have in common, by how a list writes it."""


@cache
def _choices() -> dict[str, Rough]:
    return {sign[1:-1]: rough(either) for sign, either in _MACROS.items()}


def _loose(expression: str) -> Sparing:
    """An expression whatever its apostrophes; a blank stands for several."""
    whole = re.sub(r"<\w+>", lambda sign: _MACROS.get(sign[0], sign[0]), expression)
    return sparing(re.sub(r"(?<!\\)'", "['’]", whole), shape=expression, choices=_choices())
