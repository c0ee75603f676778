"""CPY003: a word that stands twice where once is meant, and words that cannot stand together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend.reading import PartReading
from presend_checks._copy import copy_of
from presend_checks._lexicon import entries
from presend_checks.copy._english import is_english, is_foreign
from presend_checks.copy._grammar import slips_of_grammar
from presend_checks.copy._texts import readers, texts

_TWICE = re.compile(r"(?<![\w'&.-])(?P<word>[a-z]{1,20})[ \t\r]+(?P=word)(?![\w'&-])", re.IGNORECASE)
_WRAPPED = re.compile(r"(?<![\w'&.-])(?P<word>[a-z]{2,20})[ \t\r]*\n[ \t\r]*(?P=word)(?![\w'&-])")


_LINE = 90
_LONG = 4
"""Letters from which a word may be found that stands in no list."""
_BETWEEN = frozenset({"a", "is", "it", "to", "an", "he", "she", "my", "not", "us", "its", "if", "but", "how", "also"})
"""Words that may stand twice in another language, or in a name: never among English words in small letters."""
_ASKED = re.compile(r"\b(?:what|that|thing|who|how|where|it|this|all|why|question|truth|point)\b", re.IGNORECASE)
"""Words by which "is is" may be right: "what it is is soup"."""
_PLAIN = re.compile(r"(?:^|[.!?\n]\s*)(?:it|this|that|here|there)\s+$", re.IGNORECASE)
"""A sentence that only begins with a subject."""
_PARTICLES = frozenset({"on", "in", "up", "out", "off", "over"})
"""Words that may belong to the verb before them and begin what follows as well: "log in in the morning"."""
_VERB = re.compile(
    r"\b(?:(?:log|sign|check|drop|plug|turn|switch|hand|fill|call|join|walk|pass|step|start|stay|dial|count|clock|look"
    r"|cash|pick|roll|add|work|tick|check|tun|mov|liv|sav|clos|typ|bak|hold|play|pull|help)(?:s|ed|ing|e|es|ned|ning"
    r"|ped|ping|ged|ging|led|ling|d)?|(?:com|giv|driv|tak|mak)(?:e|es|ing)|came|gave|took|made|go|goes|went|gone|going"
    r"|carr(?:y|ies|ied|ying)|tr(?:y|ies|ied|ying)|put(?:s|ting)?|get(?:s|ting)?|got|let(?:s|ting)?|set(?:s|ting)?"
    r"|held|hang(?:s|ing)?|hung|kept|keep(?:s|ing)?|bring(?:s|ing)?|brought|break(?:s|ing)?|broke|caught|catch(?:es)?"
    r"|read|be|is|are|was|were|later|early|right|further|straight|back|all|even|and|to|what|it|that|so|you|us|them)\s+$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:^|[.!?,;:]\s)\s*(?:and |so |but )?(?:you|we|they|i|anybody)\s+$", re.IGNORECASE)


@check("CPY003", "doubled-word", mishaps=["M27"], severity=Severity.LOW, needs=[Need.PARTS])
def doubled_word(mail: Mail) -> Iterator[Hit]:
    """A word stands twice in a row ("the the"), or words stand together that cannot ("You doesn't", "a offer").

    Why it matters
    It looks careless, and those who wrote it read over it every time.

    How to fix
    Take one of the two out; write what is meant.

    Known limits
    With high confidence only words that never stand twice in English ("the the", "of of"), across tags and wrapped
    lines, and some of them ("a a", "is is", "on on" where no verb takes the first) only among English words.
    "Had had", "that that", "very very", names and anything in capitals are left alone; any other word in small letters
    is of low confidence, since somebody may mean it. Grammar is a list of what is wrong whatever is meant, and no
    parser. Other languages are left alone.
    One finding per part and word.
    """
    for part, text in texts(mail):
        yield from _twice(mail, part, text)
        yield from _wrong(mail, part, text)


def _twice(mail: Mail, part: PartReading, text: str) -> Iterator[Hit]:
    seen = set()
    for found in (*_TWICE.finditer(text), *_WRAPPED.finditer(text)):
        first, second = found["word"], found[0].split()[-1]
        confidence = _sure(text, found)
        if confidence is None or first.lower() in seen or not second.islower():
            continue
        who = readers(mail, part, *found.span())
        if who is None:
            continue
        seen.add(first.lower())
        yield Hit(
            mail.at(part, copy_of(part).span(*found.span())),
            f'"{first} {second}": the word stands twice.',
            "Take one of the two out.",
            who=who,
            confidence=confidence,
            reason=f'reads "{first} {second}"',
        )


def _sure(text: str, found: re.Match[str]) -> Confidence | None:
    """How sure it is that a word should stand there but once; None: it may stand twice."""
    word = found["word"].lower()
    if word in entries("copy", "never_twice"):
        return Confidence.HIGH
    before = text[max(0, found.start() - 60) : found.start()]
    if word in _BETWEEN and found["word"].islower() and is_english(text, *found.span()):
        meant = word == "is" and _ASKED.search(before) and not _PLAIN.search(before)
        return None if meant else Confidence.HIGH
    if word in _PARTICLES and found["word"].islower() and not _VERB.search(before) and is_english(text, *found.span()):
        return Confidence.HIGH
    if word == "can" and _SUBJECT.search(before):
        return Confidence.MEDIUM  # somebody may can tomatoes
    if word in entries("copy", "may_be_twice") or len(word) < _LONG or found["word"][0].isupper():
        return None
    return Confidence.LOW if not is_foreign(word) and _in_english_line(text, found) else None


def _in_english_line(text: str, found: re.Match[str]) -> bool:
    """Whether the line itself is no other language's; the one above it may be."""
    before, behind = (
        text[max(0, found.start() - _LINE) : found.start()].rpartition("\n")[2],
        text[found.end() : found.end() + _LINE].partition("\n")[0],
    )
    line = f"{before}{found[0]}{behind}"
    return is_english(line, len(before), len(before) + len(found[0]), least=0)


def _wrong(mail: Mail, part: PartReading, text: str) -> Iterator[Hit]:
    seen = set()
    for found, meant in slips_of_grammar(text):
        words = " ".join(found[0].split())
        who = readers(mail, part, *found.span()) if words.lower() not in seen else None
        if who is not None:
            seen.add(words.lower())
            yield Hit(
                mail.at(part, copy_of(part).span(*found.span())),
                f'"{words}" cannot stand so in English; perhaps "{meant}" is meant.',
                "Write what is meant.",
                who=who,
                reason=f'reads "{words}"',
            )
