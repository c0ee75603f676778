"""CLM004: an offer that is over when the mail arrives, or a weekday that its date does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Severity
from presend.reading import PartReading, Who
from presend_checks._arrival import zone
from presend_checks._copy import copy_of, in_quotes, surely
from presend_checks.claims import _abroad
from presend_checks.claims._dates import WEEKDAYS, Named, month_ends, named
from presend_checks.claims._said import MOST, NEAR, PARTS, sentence, text_of
from presend_checks.claims._struck import struck

_LAST_ZONE = timedelta(hours=12)
"""How long after midnight UTC a day goes on somewhere."""
_OVER_DAYS = 90
"""A day without a year that is further back may be next year's."""
_HISTORY_DAYS = 3660
"""What ended longer ago is told of, not offered."""

_ENDS = re.compile(
    r"\b(?:until|till|'til|through|thru|by|before|ends?(?: on| at)?|ending(?: on)?|expires?(?: on)?|expiring(?: on)?"
    r"|valid (?:until|to|through)|last day(?: to \w+)?(?: is|:)?|deadline(?: to \w+| for \w+)?(?: is|:)?"
    r"|closes?(?: on)?|closing(?: on)?|only on|no later than|up (?:to|until)|on or before|at the latest on"
    r"|runs? (?:to|out on)|stops working on|20\d\d (?:-|–|to)|midnight(?: on)?"
    r"|(?:last|final) (?:orders?|bookings?|entries|(?:posting|shipping|ordering|order|collection) (?:day|date))"
    r"(?: (?:is|are|will be))?(?: on| by|:)?),? (?:the )?"
    r"(?:midnight (?:on )?)?(?:(?:end|close) of )?$",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\d ?%|[£$€]\s?\d|\b(?:off|sale|offers?|discount|free|save|savings?|deals?|codes?|coupons?|vouchers?|shipping"
    r"|delivery|prices?|tickets?|register|registration|book|booking|orders?|reserve|apply|applications?|rsvp|entries"
    r"|enter|claim|redeem|use it|shop|buy|reply|sign up|early bird|promotion|half price|two for one|entry"
    r"|get (?:it|yours|one)|reduced|cheaper|bargains?|gifts?|bonus|seats?|spots?|places?|vote|competition|survey"
    r"|third off|enrol\w*|courses?|subscriptions?|nominat\w+|submissions?|submit|proposals?|abstracts?|donations?"
    r"|donate|bids?|proxy|proxies|ballots?|must (?:reach|be with|arrive)|claims?|refunds?)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:was|were|ran|(?<!be )had|did|ended|closed|expired|lasted|opened|began|started|stayed|since|ago|sold out|took"
    r"|won|wrote|met|came|held|thanks? (?:you )?(?:to|for)|founded|established|born|last year|back in|not valid|terms"
    r"|orders? (?:placed|made|received)|purchased|bought|placed|postponed|instead of|moved|rescheduled|used to"
    r"|(?<!before they )(?<!until they )(?:is|are|has|have) (?:now |all |long )?(?:gone|passed|over))\b",
    re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:extended|prolonged|longer|now|new (?:date|deadline|end)|but)\b", re.IGNORECASE)


@check("CLM004", "offer-over", mishaps=["M30", "M14"], severity=Severity.HIGH, needs=[Need.PARTS, Need.SCHEDULE])
def offer_over(mail: Mail) -> Iterator[Hit]:
    """The copy names a last day that is over when the mail goes out, or a weekday that its date does not have.

    Why it matters
    An offer that ended yesterday makes people angry, and "Sunday 23 November" leaves them to guess which of the two is
    right. Both come from last year's copy, or from a send that was put off.

    How to fix
    Correct the date, or the day of the send.

    Known limits
    Dates with the month in letters, in English and in eighteen more languages of Europe, ends of English months,
    2026-04-03, 3.4.2026 and 23/4/2026 only, since 3/4 is two dates, and 11月27日. A date without a year is taken for
    the one next to the send, and left alone where that is not clear. A last day ("until", "ends", "by", "bis zum",
    "jusqu'au", "hasta el") counts beside words of an offer, a price or a deadline, and not in sentences that tell of
    the past or of an end that was put off, nor where it is struck out. The day must be over everywhere on earth; over
    in the account's zone only, the confidence is medium. "Today" and "tomorrow" are another check's.
    """
    for part in mail.parts:
        if part.part in PARTS and not part.program.fatal:
            yield from _judged(mail, part)


def _judged(mail: Mail, part: PartReading) -> Iterator[Hit]:
    seen: list[Location] = []
    for hit in chain(_in_english(mail, part), _elsewhere(mail, part)):
        at = hit.at
        if not any(_meet(at, other) for other in seen):
            seen.append(at)
            yield hit


def _meet(one: Location, other: Location) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


def _elsewhere(mail: Mail, part: PartReading) -> Iterator[Hit]:
    """Days that are named in other languages."""
    text, sent = text_of(part), mail.send_at
    for languages, one in islice(_abroad.abroad(text, sent.date()), MOST):
        first, last = sentence(text, one.start, one.end)
        if in_quotes(text, one.start, one.end) or struck(part, copy_of(part).span(one.start, one.end).start):
            continue
        told = _abroad.told(text[first:last], languages)
        if told and one.day < sent.date():
            continue
        ends = not told and _abroad.ends(text, languages, one)
        yield from _wrong(mail, part, one, ends=ends)


def _in_english(mail: Mail, part: PartReading) -> Iterator[Hit]:
    text, sent = text_of(part), mail.send_at
    days = islice(chain(named(text, sent.date()), month_ends(text, sent.date())), MOST)
    for one in sorted(days, key=lambda found: found.start):
        first, last = sentence(text, one.start, one.end)
        around = text[first:last]
        if in_quotes(text, one.start, one.end) or struck(part, copy_of(part).span(one.start, one.end).start):
            continue
        told = _TOLD.search(around) is not None
        if told and one.day < sent.date():
            continue
        before = text[max(0, one.start - NEAR) : one.start].rpartition("\n")[2]
        behind = text[one.end : one.end + NEAR].partition("\n")[0]
        ends = (
            not told
            and not _put_off(around, sent)
            and _ENDS.search(before[-60:]) is not None
            and _OFFER.search(f"{before} {behind}") is not None
        )
        yield from _wrong(mail, part, one, ends=ends)


def _wrong(mail: Mail, part: PartReading, one: Named, *, ends: bool) -> Iterator[Hit]:
    """What is wrong with a day: it is over, or has another weekday."""
    text, sent = text_of(part), mail.send_at
    over = _over(mail, one, sent) if ends else None
    who = _readers(mail, part, one)
    if who is None:
        return
    words = " ".join(text[one.start : one.end].split())
    span = copy_of(part).span(one.start, one.end)
    if over is not None:
        yield Hit(
            mail.at(part, span),
            f'What ends on "{words}" is over when this goes out on {sent:%Y-%m-%d}.',
            "Correct the date, or the day of the send.",
            who=who,
            confidence=over,
            reason=f'reads of "{words}", which is over',
        )
    elif one.weekday is not None and one.day.weekday() != one.weekday and _is_clear(one, sent.date()):
        yield Hit(
            mail.at(part, span),
            f'"{words}" is no {WEEKDAYS[one.weekday]}: {one.day:%Y-%m-%d} is a {WEEKDAYS[one.day.weekday()]}.',
            "Find out which of the two is right, and correct the other.",
            who=who,
            severity=Severity.MEDIUM,
            reason=f'reads "{words}", a day that there is not',
        )


def _put_off(around: str, sent: datetime) -> bool:
    """Whether the sentence says that an end was moved, and to a day that is yet to come."""
    return _MOVED.search(around) is not None and any(day.day >= sent.date() for day in named(around, sent.date()))


def _readers(mail: Mail, part: PartReading, one: Named) -> Who | None:
    who = surely(part, copy_of(part).span(one.start, one.end).start)
    return who if not mail.has_audience or mail.audience.count(who) else None


def _is_clear(one: Named, sent: date) -> bool:
    """Whether it is clear which year is meant: it is stated and not history, or the day is to come soon."""
    days = (one.day - sent).days
    return days in range(-369, 740) if one.stated else days >= -7


def _over(mail: Mail, one: Named, sent: datetime) -> Confidence | None:
    """How surely the day is over when the mail goes out; None: it is not, or nobody can tell."""
    after = datetime(one.day.year, one.day.month, one.day.day, tzinfo=UTC) + timedelta(days=1)
    if (sent - after).days > (_HISTORY_DAYS if one.stated else _OVER_DAYS):
        return None
    if sent >= after + _LAST_ZONE:
        return Confidence.HIGH
    own = zone(mail.schedule.zone) or UTC
    return Confidence.MEDIUM if sent.astimezone(own).date() > one.day else None
