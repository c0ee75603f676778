"""SEN002: the mail shows its reader that they are watched: "we saw you looking at", their visits, their income."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Severity
from presend.reading import NOBODY
from presend_checks._copy import in_quotes, surely
from presend_checks._printed import Printed, printed
from presend_checks.sensitivity._revealed import column_kind
from presend_checks.sensitivity._said import OPEN, Sentence, sentences
from presend_checks.sensitivity._watching import watched

_QUIET = frozenset({"balance", "age"})
"""Kinds that a bank or a club may well print for its own: they count where others may read them."""


@check("SEN002", "overt-tracking", mishaps=["M17"], severity=Severity.MEDIUM, needs=[Need.PARTS])
def overt_tracking(mail: Mail) -> Iterator[Hit]:
    """The copy tells readers that they were watched, or prints what only watching tells.

    Why it matters
    "We saw you looking at these" is true, and people close the tab for good. A mail that shows how much it knows is
    passed on as an example.

    How to fix
    Offer the thing without saying how you came to it: "Still thinking it over?" instead of "We saw you".

    Known limits
    Goes by who looked on ("we noticed", "our records show", "your phone tells us") and by what readers did on a site or
    with a mail, English above all; a few phrases of other languages and what may be known otherwise (a visit, a search
    "for something") are of medium confidence. So are the names of fields that trackers write (visits, time on site,
    addresses of devices); income, balance and age count only where others may read them. What every shop writes about a
    cart that was left, or about what was viewed, and what was seen at a fair or a party, is left alone, and so are
    quotations in the copy.
    """
    seen = set()
    for sentence in sentences(mail):
        found = _watched(mail, sentence)
        if found is not None and found.at.part not in seen:
            seen.add(found.at.part)
            yield found
    for one in printed(mail):
        yield from _by_field(mail, one)


def _watched(mail: Mail, sentence: Sentence) -> Hit | None:
    for text, start in sentence.stretches():
        told = watched(text)
        if told is not None:
            found, sure = told
            if not sentence.is_open and in_quotes(sentence.copy.text, start + found.start(), start + found.end()):
                continue  # what a customer wrote, or how others would put it
            at = mail.at(sentence.part, sentence.copy.span(start + found.start(), start + found.end()))
            return Hit(
                at,
                f"“{' '.join(found[0].split())}” tells readers that they are watched.",
                "Offer the thing without saying how you came to it.",
                who=surely(sentence.part, at.start or 0) if mail.has_audience else None,
                confidence=sure,
                reason="is told that they were watched",
            )
    return None


def _by_field(mail: Mail, one: Printed) -> Iterator[Hit]:
    kind = column_kind("tracked_fields", one.column, mail.labels.get(one.column, ""))
    if not kind or (kind in _QUIET and one.part not in OPEN):
        return
    who = NOBODY
    for _part, region in one.places if mail.has_audience else ():
        who = who | region.who(lambda row, _outcome: row.get(one.column) not in (None, ""))
    if mail.has_audience and not mail.audience.count(who):
        return
    yield Hit(
        mail.at(*one.places[0]),
        f"The copy prints {one.column}, which shows readers how closely they are watched ({kind}).",
        f"Take {one.column} out of the copy; choose by it, if you must, without saying so.",
        who=who if mail.has_audience else None,
        confidence=Confidence.MEDIUM,
        column=one.column,
        reason=f"reads what is known of them: {kind}",
    )
