"""The hole in a sentence for those who match no branch of an inline condition that has no else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from presend.dialects.base import Choice, Comparison, Emit, IssueKind, OutcomeKind, Piece, Text
from presend.mail import Mail, Surface
from presend.model import Confidence, Hit, Part, Severity
from presend.reading import Fork, PartReading
from presend.reading.excerpt import visible
from presend_checks.tags import _blanks as blanks
from presend_checks.tags._places import UNNAMED, issue_at, surface_of

LONGEST = 60
"""Characters of a branch above which it is a clause of its own, which a condition may well leave out."""

_BLOCK = re.compile(r"</?(?:p|div|td|tr|table|br|h[1-6]|li|ul|ol|hr|center|section)\b", re.IGNORECASE)
_STOP = re.compile(r"[,.!?;)](?![.)])|:(?![-()DPp/])|%|['’]s\b")
_UNIT = ("$", "€", "£", "#")
_SENTENCE_END = (".", "!", "?", "…", ":")
_PARTICLE = re.compile(r"\b(?:off|on|only|just|save|like|about)\s+\Z", re.IGNORECASE)
_TROUBLED = (*UNNAMED, IssueKind.UNRELIABLE, IssueKind.SYNTAX, IssueKind.BROKEN_TAG, IssueKind.UNKNOWN_GROUP)

_Scar = tuple[Severity, Confidence]


def holes(mail: Mail, part: PartReading, fork: Fork) -> Iterator[Hit]:
    """The finding for one choice, where those left over would see that words are missing; none elsewhere."""
    scar = _scar(part, fork) if _is_inline(mail, part, fork) else None
    if scar is None:
        return
    severity, confidence = scar
    at, fix = mail.at(part, fork.tests[0]), "Add an else with words for the others, or reword the sentence."
    if not mail.has_audience:
        if all(test.evaluate({}).kind is OutcomeKind.BLANK for test in fork.tests):
            says = "The condition has no else: whoever meets none of its branches reads a hole in the sentence."
            yield Hit(at, says, fix, severity=severity, confidence=Confidence.MEDIUM)
        return
    who = fork.nobody()
    if part.part in blanks.WHOLE_PARTS:
        who = who & ~part.blank()
    if mail.audience.count(who):
        says = "Some recipients meet no branch of the condition, which has no else: their sentence has a hole."
        yield Hit(at, says, fix, who=who, severity=severity, confidence=confidence, reason="no branch matches")


def _is_inline(mail: Mail, part: PartReading, fork: Fork) -> bool:
    """Whether it chooses among words inside a sentence, by conditions that work, without an else."""
    if not fork.tests or len(fork.tests) < len(fork.arms):
        return False
    if not all(test.columns for test in fork.tests) or surface_of(mail, part, fork.span) is not Surface.TEXT:
        return False
    if any(issue_at(part, test.span, *_TROUBLED) for test in fork.tests):
        return False
    return all(_is_phrase(part, _words(arm.body)) for arm in fork.arms)


def _is_phrase(part: PartReading, words: str | None) -> bool:
    if words is None or _BLOCK.search(words) or (part.part is not Part.HTML and "\n" in words.strip()):
        return False
    read = visible(words).strip()
    return 0 < len(read) <= LONGEST and not read.endswith(_SENTENCE_END)


def _words(pieces: Iterable[Piece]) -> str | None:
    """The words of a branch, with a letter for each value; None where the platform fills something in by itself."""
    out: list[str] = []
    for piece in pieces:
        match piece:
            case Text(_, text):
                out.append(text)
            case Emit(expression):
                if expression.effect:
                    return None
                out.append("x")
            case Choice():
                out.extend(_words(arm.body) or "" for arm in piece.arms)
    return "".join(out)


def _scar(part: PartReading, fork: Fork) -> _Scar | None:
    """How a reader would see that something is missing; None where what is left reads well.

    Judged by the template and not by one recipient's mail: a neighbouring tag or condition may fill the hole.
    """
    before, after = blanks.around(part, part.source, fork.span.start, fork.span.end)
    if before.endswith(_UNIT):
        return None if after[:1].isalnum() else (Severity.MEDIUM, Confidence.HIGH)
    if before and not before[-1].isspace():
        return None  # the branches bring their own space: "Hello{% if x %} {{ x }}{% endif %},"
    if _STOP.match(after):
        greeting = blanks.GREETING.search(before) is not None
        return (Severity.HIGH if greeting else Severity.MEDIUM), Confidence.HIGH
    if not before.strip() or before.rstrip().endswith(_SENTENCE_END) or not _names_values(fork):
        return None
    if not after.strip():
        hangs = blanks.LEADING.search(before) and not _PARTICLE.search(before)
        return (Severity.MEDIUM, Confidence.MEDIUM) if hangs or blanks.GREETING.search(before) else None
    return (Severity.MEDIUM, Confidence.MEDIUM) if blanks.WORD_AFTER.match(after) and _wants(before, fork) else None


def _wants(before: str, fork: Fork) -> bool:
    """Whether the words in front of a choice ask for one more: "the", "in"; or any, where there is one for each value.

    HTML folds spaces, so that "Hello friend" misses nothing where some read "Hello gold friend".
    """
    if blanks.LEADING.search(before):
        return True
    several = len(fork.tests) > 1 and blanks.GREETING.search(before) is None
    return several and blanks.WORD_BEFORE.search(before) is not None


def _names_values(fork: Fork) -> bool:
    """Whether the branches put a value into words, one after the other, so that each value needs its own.

    A single branch that does not say the value is an extra for some: "your {% if vip == 'yes' %}own {% endif %} seat".
    """
    compared = [one for test in fork.tests for one in test.compares]
    if not compared or any(one.op not in ("==", "in") for one in compared):
        return False
    if len(fork.tests) > 1 and len({one.column for one in compared}) == 1:
        return True
    return any(_echoes(one, _words(arm.body) or "") for arm in fork.arms if arm.test for one in arm.test.compares)


def _echoes(one: Comparison, words: str) -> bool:
    literals = one.literal if isinstance(one.literal, list | tuple) else [one.literal]
    said = visible(words).strip().casefold()
    return any(len(text := str(literal).strip("\"' ").casefold()) > 1 and text in said for literal in literals)
