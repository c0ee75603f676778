"""CPY002: what belongs to the making of a mail, and not in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Part, Severity
from presend_checks._copy import VALUE, copy_of, surely
from presend_checks._lexicon import entries
from presend_checks.copy._makings import makings
from presend_checks.copy._nowhere import nowheres
from presend_checks.copy._texts import readers, texts

_SURE = Confidence.HIGH
_FILLED = re.compile(f"{VALUE}+")
_TITLES: tuple[tuple[re.Pattern[str], Confidence], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sure)
    for pattern, sure in (
        (r"^\s*(?:\(copy(?: \d+)?\) |copy of (?=(?-i:[A-Z0-9\"“'(\[])))", _SURE),
        (r"\s\(copy(?: ?\d+)?\)\s*$", _SURE),
        (r"^\s*(?-i:COPY)(?: ?\d)?\s?[-–—:|]\s(?!(?:and |& )?paste\b)", _SURE),
        (r"^\s*(?:[\[(]draft(?:\s*v?\d+)?[\])]|(?-i:DRAFT)(?: v?\d+)?\s*[:–—|-]|draft(?: v?\d+)?\s*$)", _SURE),
        (r"^\s*(?:test (?:subject(?: line)?|e-?mail|campaign|send)|untitled(?: campaign)?)\s*\d*\s*$", _SURE),
        (r"^\s*(?:subject line|preview text|preheader)(?: goes)?(?: here)?\s*(?::|$)|^\s*subject:", _SURE),
        (r"^\s*test[ :–—-]+\d*\s*$|[\[({]\s?test\s?[\])}]|\btest test\b|\bfor approval\b", _SURE),
        (
            r"(?-i:DO NOT SEND)\b|\bdo not send(?= ?(?:$|[:!.,(–—-]|yet\b|out\b|until\b|before\b|this\b))",
            _SURE,
        ),
        (r"^\s*(?-i:TEST)\s*[:|–—-]\s", _SURE),
        (
            (
                r"^\W*(?:(?:new|my|my first|sample|default|blank) (?:campaign|newsletter|e-?mail|mailing|template"
                r"|draft)|(?:campaign|e-?mail|mailing|document|draft) ?[(#]?\d{1,3}\)?|campaign (?:name|title|subject)"
                r"|no subject(?: line)?|enter (?:your |a )?subject)\W*$"
            ),
            _SURE,
        ),
        (r"\s[-–—] ?(?-i:Copy|COPY)(?: ?\(?\d+\)?)?\s*$|\s[\[(](?:clone|duplicate)d?(?: \d+)?[\])]\s*$", _SURE),
        (r"^\s*(?:subject(?: line)?|variation|variant) (?-i:[A-D])\s*(?:$|:)", _SURE),
        (r"\bv ?\d+[ _-]?(?:final|draft)\b|\w_final\b", Confidence.MEDIUM),
    )
)


@check("CPY002", "leftover", mishaps=["M27"], severity=Severity.HIGH, needs=[Need.PARTS])
def leftover(mail: Mail) -> Iterator[Hit]:
    """Something from the making of the mail was left in it: "Copy of", "DRAFT", filler text, a note to a colleague.

    Why it matters
    Everybody sees that it went out before it was done, and wonders what else is wrong.

    How to fix
    Write the real words, or take it out.

    Known limits
    The platform's and other tools' placeholders ("[FIRST_NAME]", "TBC", "lorem ipsum") are another check's. "Copy of",
    "DRAFT", names that tools give ("New campaign", "Campaign 12") and the like count in the subject and preview text
    only; in the copy, wordings of a list and shapes: orders
    in brackets, notes to those who make it, lines that are a template's own ("Button text"), numbers that are yet to
    come ("XX June"), names of files of drafts, addresses of nobody. "Test" in the subject counts only where nothing
    else stands beside it but an order to ignore it, in brackets or shouted before a colon. English only. What stands
    in a text once more inside of a longer leftover is said once. Links with no address ("#") are of medium severity;
    they and pictures that only keep a place are told once for the whole part.
    """
    known = {(part.part, issue.span.start, issue.span.end) for part, issue in mail.issues(IssueKind.PLACEHOLDER)}
    for part, text in texts(mail):
        whole = copy_of(part).text
        for start, end, sure in _apart(_found(part.part, text, whole)):
            span = copy_of(part).span(start, end)
            told = any(p is part.part and a < span.end and span.start < b for p, a, b in known)
            who = None if told else readers(mail, part, start, end)
            if who is not None:
                words = _FILLED.sub("…", " ".join(whole[start:end].split()))
                yield Hit(
                    mail.at(part, span),
                    f'"{words}" was left in the {part.part.value.replace("_", " ")} from the making of the mail.',
                    "Write the real words, or take it out.",
                    who=who,
                    confidence=sure,
                    reason=f'reads "{words}"',
                )
    for part in mail.parts:
        for place in nowheres(mail, part):
            who = surely(part, place.span.start)
            if not mail.has_audience or mail.audience.count(who):
                at, sure = mail.at(part, place.span), place.confidence
                yield Hit(at, place.says, place.fix, who=who, severity=place.severity, confidence=sure)


def _apart(found: Iterable[tuple[int, int, Confidence]]) -> Iterator[tuple[int, int, Confidence]]:
    """The places that do not overlap one that was found before."""
    seen: list[tuple[int, int]] = []
    for start, end, sure in found:
        if not any(start < until and since < end for since, until in seen):
            seen.append((start, end))
            yield start, end, sure


def _found(part: Part, text: str, whole: str) -> Iterator[tuple[int, int, Confidence]]:
    """Where something is left in a text, and in the same text with its addresses and names of files."""
    if part in (Part.SUBJECT, Part.PREVIEW_TEXT):
        for pattern, sure in _TITLES:
            found = pattern.search(text)
            if found is not None and found[0].strip():
                yield *_bare(found), sure
                return
    small = text.lower()
    for entry in sorted(entries("copy", "leftovers"), key=len, reverse=True):
        if not all(word in small for word in entry.split()):
            continue
        loose = r"\s+".join(re.escape(word) for word in entry.split())
        found = re.search(rf"(?<![\w-]){loose}(?![\w-])", text, re.IGNORECASE)
        if found is not None:
            yield found.start(), found.end(), _SURE
    for shape, sure in makings():
        if (found := shape.search(whole)) is not None and found[0].strip():
            yield *_bare(found), sure


def _bare(found: re.Match[str]) -> tuple[int, int]:
    """Where a match begins and ends, without the blanks before it and the ends of lines behind it."""
    text = found[0].rstrip() if "\n" in found[0][len(found[0].rstrip()) :] else found[0]
    return found.start() + len(text) - len(text.lstrip()), found.start() + len(text)
