"""SEN003: the words clash with the occasion: "Congratulations on your recent loss"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from presend.check import Need, check
from presend.dialects.base import Outcome, OutcomeKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend_checks._copy import is_title, surely
from presend_checks._sparing import Sparing, sparing
from presend_checks.sensitivity._breath import Clash, breaths, cheered_condolence, in_one_breath, mocked, rejoices
from presend_checks.sensitivity._lexicons import phrases
from presend_checks.sensitivity._offers import offers
from presend_checks.sensitivity._said import Sentence, sentences, whole_copy

_FIX = "Read the sentence as somebody in mourning would, and take out one of the two."
_LINK = r"(?:\s+(?:on|for|upon|about|over|zu|zum|pour|por|per|pelo|pela))?"
_BETWEEN = r"(?:\s+(?:you|your|the|a|this|such|that|ihrem|votre|su|tu|sua))?(?:\s+\w+)?\s+"
_LOSS = re.compile(r"loss|death|verlust|perte|pérdida|perda", re.IGNORECASE)
"""What may be none: weight is lost, games and traders lose."""
_PLAYED = re.compile(r"\b(?:games?|match|league|tournament|championship)\b", re.IGNORECASE)
"""Words of those who lose at play: anywhere in the mail, a loss is in doubt."""
_WITHHELD = re.compile(
    r"\b(?:paus\w+|suspend\w*|postpon\w*|closed|no|not|never|instead|without|cancel\w*|stop\w*)\b", re.IGNORECASE
)
"""Words by which an offer is none, out of respect."""
_OTHERS = re.compile(r"\b(?:famil(?:y|ies)|friends|everyone|those|people) (?:of|who|in|affected)\b", re.IGNORECASE)
"""Of whom a newsletter speaks to others."""


@check("SEN003", "tone-clash", mishaps=["M15"], severity=Severity.HIGH, needs=[Need.PARTS])
def tone_clash(mail: Mail) -> Iterator[Hit]:
    """A cheer and a grave occasion stand in one breath: congratulations on a death, an offer beside condolences.

    Why it matters
    "Congratulations on your recent loss" went out to thousands from a template with one word exchanged. It is
    photographed, shared and never forgotten.

    How to fix
    Write mail for grave occasions by hand and from a template of its own. Let somebody read it aloud before it goes.

    Known limits
    Goes by short lists of words, English above all. High confidence where the cheer runs straight into the occasion,
    in the copy or by a value that is filled in, where a sentence rejoices at what befell the reader, where
    condolences and a cheer or an offer stand together, and where fun is made of grief; that is a blocker in the
    subject and the preview text. A "loss" that may be one of weight or of a game, and a jubilant subject over a
    letter of condolence, are of medium confidence. What was got through ("on beating"), what ended well, weight that
    was lost and words of games and trades are left alone, and so are cheers and sorrows of different sentences.
    """
    whole = whole_copy(mail)
    lost = phrases("not_grave").search(whole) is not None
    doubtful = _PLAYED.search(whole) is not None
    seen = set()
    for hit in (*_by_sentence(mail, lost, doubtful), *_by_parts(mail)):
        key = (hit.at.part, hit.at.expression)
        if key not in seen:
            seen.add(key)
            yield hit


def _by_sentence(mail: Mail, lost: bool, doubtful: bool) -> Iterator[Hit]:
    for sentence in breaths(mail):
        here = lost or phrases("not_grave_near").search(sentence.text) is not None
        yield from _hits(mail, sentence, here, doubtful)


def _hits(mail: Mail, sentence: Sentence, lost: bool, doubtful: bool) -> Iterator[Hit]:
    for text, start in sentence.stretches():
        found = clash(text, lost)
        if found is not None and not _is_named(sentence, start, found.start(), found.end()):
            sure = not (doubtful and _LOSS.search(found["grave"]))
            both = Clash(found.start(), found.end(), found["joy"], found["grave"])
            yield _hit(mail, sentence, start, both, Confidence.HIGH if sure else Confidence.MEDIUM)
            return
        breath = in_one_breath(text) or mocked(text)
        if breath is not None and not _is_named(sentence, start, breath.start, breath.end):
            yield _hit(mail, sentence, start, breath, Confidence.HIGH)
            return
        cheered = None if lost else cheered_condolence(text)
        if cheered is not None:
            yield _hit(mail, sentence, start, cheered, Confidence.MEDIUM if doubtful else Confidence.HIGH)
            return
        sorry, sells = phrases("condolence").search(text), offers().search(text)
        if sorry is not None and sells is not None and not lost and not _WITHHELD.search(text):
            first, last = min(sorry.start(), sells.start()), max(sorry.end(), sells.end())
            sure = not re.search(r"your (?:\w+ )?loss", sorry[0], re.IGNORECASE)
            both = Clash(first, last, sorry[0], sells[0])
            yield _hit(mail, sentence, start, both, Confidence.HIGH if sure else Confidence.MEDIUM)
            return
    yield from _filled_in(mail, sentence, lost)


def _is_named(sentence: Sentence, start: int, first: int, last: int) -> bool:
    """Whether the two words are the name of a work."""
    return is_title(sentence.copy.text, start + first, start + last)


def _hit(mail: Mail, sentence: Sentence, start: int, both: Clash, sure: Confidence) -> Hit:
    at = mail.at(sentence.part, sentence.copy.span(start + both.start, start + both.end))
    return Hit(
        at,
        f"“{_plain(both.joy)}” and “{_plain(both.grave)}” stand together: the tone clashes with the occasion.",
        _FIX,
        who=surely(sentence.part, at.start or 0) if mail.has_audience else None,
        severity=Severity.BLOCKER if sure is Confidence.HIGH and sentence.is_open else Severity.HIGH,
        confidence=sure,
        reason="is cheered on a grave occasion",
    )


def _by_parts(mail: Mail) -> Iterator[Hit]:
    """A jubilant subject or preview text over a letter that consoles its reader."""
    several = list(sentences(mail))
    festive = [(one, words) for one in several if one.is_open and (words := rejoices(one.text))]
    consoling = [(one, words) for one in several if festive and not one.is_open and (words := _consoles(one.text))]
    for one, words in festive[:1]:
        for other, sorry in consoling[:1]:
            first = len(one.text) - len(one.text.lstrip())
            at = mail.at(one.part, one.copy.span(one.start + first, one.start + len(one.text.rstrip())))
            below = mail.at(other.part, other.copy.span(other.start, other.start + len(other.text)))
            yield Hit(
                at,
                f"“{_plain(words)}” stands over a letter that says “{_plain(sorry)}”: the tone clashes.",
                "Give the letter a subject in its own tone.",
                who=surely(other.part, below.start or 0) if mail.has_audience else None,
                confidence=Confidence.MEDIUM,
                reason="is consoled under a jubilant subject",
            )


def _consoles(text: str) -> str:
    found = phrases("condolence").search(text) or phrases("consoles").search(text)
    if found is None or not re.search(r"\b(?:you|your|no words|ihnen|votre|vous|su|tu)\b", text, re.IGNORECASE):
        return ""
    return "" if _OTHERS.search(text) else found[0]


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
        if lost and _LOSS.search(found["grave"]):
            continue
        return found
    return None


@cache
def _pattern() -> Sparing:
    joy, grave, trade = (phrases(name).pattern for name in ("joy", "grave", "trades"))
    return sparing(rf"(?P<joy>{joy})(?P<between>{_LINK}{_BETWEEN})(?P<grave>{grave})(?!\s+{trade})")


def _plain(text: str) -> str:
    return " ".join(text.split())[:60]
