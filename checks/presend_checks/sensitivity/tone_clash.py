"""SEN003: the words clash with the occasion: "Congratulations on your recent loss"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend.check import Need, check
from presend.dialects.base import Outcome, OutcomeKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend_checks._copy import surely
from presend_checks.sensitivity._lexicons import phrases
from presend_checks.sensitivity._offers import offers
from presend_checks.sensitivity._said import Sentence, sentences, whole_copy

_FIX = "Read the sentence as somebody in mourning would, and take out one of the two."
_LINK = r"(?:\s+(?:on|for|upon|about|over|zu|zum|pour|por|per|pelo|pela))?"
_BETWEEN = r"(?:\s+(?:you|your|the|a|this|such|that|ihrem|votre|su|tu|sua))?(?:\s+\w+)?\s+"


@check("SEN003", "tone-clash", mishaps=["M15"], severity=Severity.HIGH, needs=[Need.PARTS])
def tone_clash(mail: Mail) -> Iterator[Hit]:
    """A cheer and a grave occasion stand in one sentence: congratulations on a death, an offer beside condolences.

    Why it matters
    "Congratulations on your recent loss" went out to thousands from a template with one word exchanged. It is
    photographed, shared and never forgotten.

    How to fix
    Write mail for grave occasions by hand and from a template of its own. Let somebody read it aloud before it goes.

    Known limits
    Goes by short lists of words, English above all. High confidence only where the cheer runs straight into the
    occasion, in the copy or by a value that is filled in; that is a blocker in the subject and the preview text.
    Condolences with an offer in the same sentence are of medium confidence. What was got through ("on beating"), weight
    that was lost and words of games and trades are left alone, and so are words in different sentences.
    """
    lost = phrases("not_grave").search(whole_copy(mail)) is not None
    seen = set()
    for sentence in sentences(mail):
        for hit in _hits(mail, sentence, lost):
            key = (hit.at.part, hit.at.expression)
            if key not in seen:
                seen.add(key)
                yield hit


def _hits(mail: Mail, sentence: Sentence, lost: bool) -> Iterator[Hit]:
    for text, start in sentence.stretches():
        found = clash(text, lost)
        if found is not None:
            yield _hit(mail, sentence, start + found.start(), start + found.end(), found)
            return
        sorry, sells = phrases("condolence").search(text), offers().search(text)
        if sorry is not None and sells is not None and not lost:
            first, last = min(sorry.start(), sells.start()), max(sorry.end(), sells.end())
            yield _hit(mail, sentence, start + first, start + last, None, (sorry[0], sells[0]))
            return
    yield from _filled_in(mail, sentence, lost)


def _hit(
    mail: Mail, sentence: Sentence, start: int, end: int, found: re.Match[str] | None, pair: tuple[str, str] = ("", "")
) -> Hit:
    first, second = (found["joy"], found["grave"]) if found is not None else pair
    at = mail.at(sentence.part, sentence.copy.span(start, end))
    blocks = found is not None and sentence.is_open
    return Hit(
        at,
        f"“{_plain(first)}” and “{_plain(second)}” stand in one sentence: the tone clashes with the occasion.",
        _FIX,
        who=surely(sentence.part, at.start or 0) if mail.has_audience else None,
        severity=Severity.BLOCKER if blocks else Severity.HIGH,
        confidence=Confidence.HIGH if found is not None else Confidence.MEDIUM,
        reason="is cheered on a grave occasion",
    )


def _filled_in(mail: Mail, sentence: Sentence, lost: bool) -> Iterator[Hit]:
    """A cheer in the copy that runs into a value: "Congratulations on your {{ occasion }}"."""
    if not mail.has_audience or phrases("joy").search(sentence.text) is None:
        return
    for start, end in sentence.holes():
        before, after = sentence.text[:start], sentence.text[end:]
        at = sentence.copy.span(sentence.start + start, sentence.start + end).start
        region = sentence.part.region_at(at)
        if region is None or phrases("joy").search(before) is None:
            continue

        def clashes(_row: object, outcome: Outcome, before: str = before, after: str = after) -> bool:
            return outcome.kind is OutcomeKind.PRINTED and clash(f"{before}{outcome.text}{after}", lost) is not None

        who = region.who(clashes)
        if mail.audience.count(who):
            yield Hit(
                mail.at(sentence.part, region),
                f"A cheer (“{_plain(before)}”) runs into a grave word that is filled in from data.",
                _FIX,
                who=who,
                severity=Severity.BLOCKER if sentence.is_open else Severity.HIGH,
                reason="is cheered on a grave occasion, by a value of theirs",
            )


def clash(text: str, lost: bool) -> re.Match[str] | None:
    """A cheer that runs straight into a grave occasion; with `lost`, a loss or a death may be none in this mail."""
    for found in _pattern().finditer(text):
        if phrases("overcome").search(found["between"]):
            continue
        if lost and re.search(r"loss|death|verlust|perte|pérdida|perda", found["grave"], re.IGNORECASE):
            continue
        return found
    return None


@cache
def _pattern() -> re.Pattern[str]:
    joy, grave, trade = (phrases(name).pattern for name in ("joy", "grave", "trades"))
    return re.compile(rf"(?P<joy>{joy})(?P<between>{_LINK}{_BETWEEN})(?P<grave>{grave})(?!\s+{trade})", re.IGNORECASE)


def _plain(text: str) -> str:
    return " ".join(text.split())[:60]
