"""AGE002: an audience much of which has not been heard of for years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Severity
from presend.reading import NOBODY, Who
from presend_checks._numbers import day, share

_DEEDS = ("last_activity_at", "last_order_at")
"""What people did."""
_SIGNS = (*_DEEDS, "confirmed_at", "consent_at", "created_at")
"""What shows that somebody was there: a recent one of these clears them."""
_LEAST_KNOWN = 0.5
"""Of fewer recipients than this the deeds say nothing about the audience."""


@check(
    "AGE002",
    "dormant-audience",
    mishaps=["M10"],
    severity=Severity.MEDIUM,
    needs=[Need.FACTS],
    level=Level.CAMPAIGN,
    options={"dormant_days": 730, "share": 0.3},
)
def dormant_audience(mail: Mail) -> Iterator[Hit]:
    """Much of the audience has done nothing for two years: no open, no click, no order, no visit.

    Why it matters
    A quarter of all addresses goes bad in a year; what is known about these people is as old as their silence. Mailing
    them costs the sender's reputation and earns complaints.

    How to fix
    Send to the living first. Ask the others once whether they still want to hear from you, and let go who stays silent.

    Known limits
    Judged by the last activity or order, against the send; `dormant_days` (730) and the least `share` (0.3, of those of
    whom it is known) can be set. Where the platform tells neither for half of the audience, the last change of the
    record stands in with medium confidence. People of whom nothing is known are not counted, and a recent order,
    confirmation or sign-up clears a person. A win-back campaign is told too: it is the one that most needs care.
    """
    facts: tuple[str, ...] = _DEEDS
    confidence = Confidence.HIGH
    known = _ever(mail, facts)
    if mail.audience.count(known) < _LEAST_KNOWN * mail.audience.size:
        facts, confidence = (*_DEEDS, "updated_at"), Confidence.MEDIUM
        known = _ever(mail, facts)
    cutoff = day(mail.send_at, mail.options["dormant_days"])
    signs = (*_SIGNS, *facts) if mail.has_fact("last_activity_at") else (*_SIGNS, "updated_at")
    who = known & ~_since(mail, signs, cutoff)
    asleep, of = mail.audience.count(who), mail.audience.count(known)
    if not asleep or of < _LEAST_KNOWN * mail.audience.size or asleep < mail.options["share"] * of:
        return
    unknown = mail.audience.size - of
    aside = f"; of {unknown} others nothing is known" if unknown else ""
    what = "last did anything" if confidence is Confidence.HIGH else "show no sign of life"
    when = f"more than {mail.options['dormant_days']} days before the send"
    when = when if confidence is Confidence.HIGH else f"for {when}"
    yield Hit(
        Location(Part.AUDIENCE, expression="dormant"),
        f"{share(asleep, of)} of the recipients {what} {when}{aside}.",
        "Leave out or ask first those who have been silent for so long, and send to the others.",
        who=who,
        confidence=confidence,
        reason="has been silent for years",
    )


def _ever(mail: Mail, facts: Sequence[str]) -> Who:
    return _since(mail, facts, None)


def _since(mail: Mail, facts: Sequence[str], since: str | None) -> Who:
    """Those of whom any of the facts is dated on or after a day; None: at all."""
    who = NOBODY
    for name in facts:
        if mail.has_fact(name):
            who = who | mail.audience.day_between(mail.fact(name), since, None)
    return who
