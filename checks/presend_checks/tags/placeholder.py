"""TAG006: a placeholder that nobody replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from presend.check import Need, check
from presend.dialects.base import IssueKind
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend_checks._copy import copy_of, in_quotes
from presend_checks.tags._places import hits_of

_AROUND = 1500
"""Signs of source around a placeholder in which its sentence stands."""
_SPOKEN_OF = re.compile(
    r"\b(?:reads?|typed?|types|typing|such as|instead of|begins?|starts?|greeting|leaves?|left|wrote|writes?"
    r"|called|says?|with|like|see)[:,]? (?:the |a |an |his |her |their )?[\"“«„‘']?\Z",
    re.IGNORECASE,
)
"""Before a quotation that is nothing but the placeholder: somebody speaks of it."""
_READS = re.compile(r"\b(?:reads?|typed?|types|typing|such as|instead of) \Z", re.IGNORECASE)
"""Before a placeholder without quotation marks, of which somebody speaks."""
_TOLD = re.compile(
    r"\b(?:(?:reply|respond|answer|sign|start|begin|end|finish)\b[^.!?]{0,40}\bwith|fill in|enter|write|quote|state"
    r"|text(?: \w+)?) \Z"
    r"|\b(?:sign(?:ez|e|iere)|écri(?:vez|s)|indique[zr]?|scriv[ia]|firm[ae]|escrib[ae]|escrev[ae]|assine|schreib\w*"
    r"|unterschreib\w*|nenn\w*|schrijf|onderteken|skriv|wpisz|napisz|podpisz)\b[^.!?\n]{0,40}\Z",
    re.IGNORECASE,
)
"""Before what readers are to put there themselves: "Sign with [your name] and post it to us"."""
_OR = re.compile(r"[\]}%>] (?:or|and) \Z")
_WORDS = 3
"""Words beside a placeholder with which a quotation is a whole sentence of somebody's."""


@check("TAG006", "placeholder", mishaps=["M01"], severity=Severity.BLOCKER, needs=[Need.PARTS])
def placeholder(mail: Mail) -> Iterator[Hit]:
    """A placeholder such as [FIRST_NAME], %%FNAME%% or [[MISSING TOKEN]] was left in.

    Why it matters
    Copy is drafted outside the platform with a stand-in for the name. No platform knows these, so everybody reads
    "Dear [FIRST_NAME]".

    How to fix
    Write the platform's tag, which the finding shows where it is known, or the real words.

    Known limits
    Brackets around an ordinary word ("[Update]", "{brand}") are left alone; only words that stand for something about
    the reader, or for text to come, count. In a sentence in quotation marks, and behind words such as "reads" or
    "instead of", somebody may speak of it: there both severity and confidence are low. So they are where readers are
    told to write something themselves ("Sign with [your name]"), in small letters. A code of nothing but X counts
    behind the word for a code alone; a button in brackets where it is a paragraph of its own, has an arrow and is no
    link. What stands in a tag as its fallback ("YOURCODE") is not looked at.
    """
    spoken = False
    for hit in hits_of(mail, IssueKind.PLACEHOLDER):
        spoken = _is_spoken_of(mail, hit, again=spoken)
        yield replace(hit, severity=Severity.LOW, confidence=Confidence.LOW) if spoken else hit


def _is_spoken_of(mail: Mail, hit: Hit, *, again: bool) -> bool:
    """Whether the sentence speaks of a placeholder; `again`: it does of the one before."""
    part = next((one for one in mail.parts if one.part is hit.at.part), None)
    start, end = hit.at.start, hit.at.end
    if part is None or start is None or end is None:
        return False
    copy = copy_of(part)
    before = copy.between(max(0, start - _AROUND), start).rpartition("\n")[2]
    words = copy.between(start, end)
    behind = copy.between(end, end + _AROUND).partition("\n")[0]
    if _READS.search(before) or (again and _OR.search(before)):
        return True
    if words == words.lower() and _TOLD.search(before):
        return True
    if not in_quotes(before + words + behind, len(before), len(before) + len(words)):
        return False
    quote = re.split(r"[\"“«„]", before)[-1] + re.split(r"[\"”»“]", behind)[0]
    whole = len(re.findall(r"[^\W\d_]+", quote)) >= _WORDS or re.match(
        r"\s*(?:dear|hi|hello|hey)\b", quote, re.IGNORECASE
    )
    return bool(whole) or (not quote.strip(" ,.") and _SPOKEN_OF.search(before) is not None)
