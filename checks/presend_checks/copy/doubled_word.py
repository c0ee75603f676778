"""CPY003: a word that stands twice where once is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend_checks._copy import copy_of
from presend_checks._lexicon import entries
from presend_checks.copy._texts import readers, texts

_TWICE = re.compile(r"(?<![\w'&.-])(?P<word>[a-z]{1,20})[ \t\r]+(?P=word)(?![\w'&-])", re.IGNORECASE)
_WRAPPED = re.compile(r"(?<![\w'&.-])(?P<word>[a-z]{2,20})[ \t\r]*\n[ \t\r]*(?P=word)(?![\w'&-])")


@check("CPY003", "doubled-word", mishaps=["M27"], severity=Severity.LOW, needs=[Need.PARTS])
def doubled_word(mail: Mail) -> Iterator[Hit]:
    """A word stands twice in a row: "the the".

    Why it matters
    It looks careless, and those who wrote it read over it every time.

    How to fix
    Take one of the two out.

    Known limits
    With high confidence only words that never stand twice in English ("the the", "of of"), across tags and wrapped
    lines. "Had had", "that that", "very very", names and anything in capitals are left alone; any other word in small
    letters is of low confidence, since somebody may mean it. The words of other languages are left alone.
    One finding per part and word.
    """
    never, may = frozenset(entries("copy", "never_twice")), frozenset(entries("copy", "may_be_twice"))
    for part, text in texts(mail):
        seen = set()
        for found in (*_TWICE.finditer(text), *_WRAPPED.finditer(text)):
            first, second = found["word"], found[0].split()[-1]
            sure = first.lower() in never
            if first.lower() in may or first.lower() in seen or not second.islower():
                continue
            who = readers(mail, part, *found.span())
            if who is None or (not sure and (len(first) < 4 or first[0].isupper())):
                continue
            seen.add(first.lower())
            yield Hit(
                mail.at(part, copy_of(part).span(*found.span())),
                f'"{first} {second}": the word stands twice.',
                "Take one of the two out.",
                who=who,
                confidence=Confidence.HIGH if sure else Confidence.LOW,
                reason=f'reads "{first} {second}"',
            )
