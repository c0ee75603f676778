"""CON006: consent of many years ago, of people who have not been heard of since."""

from __future__ import annotations

from collections.abc import Iterator

from presend.check import CannotTell, Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Kind, Location, Part, Severity
from presend.reading import NOBODY, Who
from presend_checks._numbers import day, listed, share

_DEEDS = ("last_activity_at", "last_order_at")
_SHARED = 5
"""People who must have agreed in the same way for it to be named."""


@check(
    "CON006",
    "old-consent",
    mishaps=["M26"],
    severity=Severity.LOW,
    needs=[Need.FACTS],
    level=Level.CAMPAIGN,
    options={"consent_days": 1095, "quiet_days": 730},
)
def old_consent(mail: Mail) -> Iterator[Hit]:
    """People agreed to get mail long ago, and have shown no sign of life for years.

    Why it matters
    Consent does not end by a date in most laws, but it fades: authorities advise to ask again after two years without
    contact, some laws say so of consent that was only implied, and such people press the button for spam.

    How to fix
    Ask them once whether they still want your mail, and let go who does not answer.

    Known limits
    By the date of the consent (`consent_days`, 1095, before the send) and the last activity, order or confirmation
    (`quiet_days`, 730); who opened or bought since is not counted. Of whom no activity is known at all, the date of the
    consent must do, with medium confidence. However few they are, it is the same fault of each: how many is said beside
    it. Without any date of consent nothing can be told, and that is said.
    """
    if not mail.has_fact("consent_at"):
        if mail.kind is Kind.TEMPLATE:
            return  # a file of people to try a template with is no list of subscribers
        raise CannotTell("nobody's date of consent is known here, so not how old it is", mail.audience.size)
    dates = mail.fact("consent_at")
    old = mail.audience.day_between(dates, None, day(mail.send_at, mail.options["consent_days"]))
    since = day(mail.send_at, mail.options["quiet_days"])
    quiet = old & ~_dated(mail, (*_DEEDS, "confirmed_at"), since)
    seen = _dated(mail, _DEEDS, None)
    known, unknown, _both = mail.audience.split(quiet, (seen, ~seen))
    yield from _hit(mail, known, Confidence.HIGH, "old consent")
    yield from _hit(mail, unknown, Confidence.MEDIUM, "old consent, activity not known")


def _hit(mail: Mail, who: Who, confidence: Confidence, what: str) -> Iterator[Hit]:
    count = mail.audience.count(who)
    if not count:
        return
    sure = confidence is Confidence.HIGH
    limit = mail.options["consent_days"]
    age = f"{limit // 365} years" if limit % 365 == 0 and limit > 365 else f"{limit} days"
    yield Hit(
        Location(Part.AUDIENCE, expression=what),
        f"{share(count, mail.audience.size)} of the recipients agreed to get mail more than {age} before the send, and "
        f"{'have done nothing for long' if sure else 'nothing is known of what they did since'}.{_given(mail, who)}",
        "Ask them once whether they still want your mail, and let go who does not answer.",
        who=who,
        confidence=confidence,
        reason="agreed long ago and has been silent",
    )


def _given(mail: Mail, who: Who) -> str:
    """How most of them agreed, where that is known and shared by enough people to be nobody's own words."""
    if not mail.has_fact("consent_source"):
        return ""
    found = {str(value): count for value, _cell, count in mail.values(mail.fact("consent_source"), who)}
    named = sorted((one for one in found.items() if one[1] >= _SHARED), key=lambda one: (-one[1], one[0]))[:3]
    return f" They agreed by {listed([f'{source} ({count})' for source, count in named])}." if named else ""


def _dated(mail: Mail, facts: tuple[str, ...], since: str | None) -> Who:
    """Those of whom any of the facts is dated on or after a day; None: at all."""
    who = NOBODY
    for name in facts:
        if mail.has_fact(name):
            who = who | mail.audience.day_between(mail.fact(name), since, None)
    return who
