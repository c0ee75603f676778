"""TIM002: the hour at which people should get it, or until which it offers something, has passed where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Hit, Location, Part, Severity, State
from presend.reading import EVERYONE, PartReading
from presend_checks._arrival import (
    GRACE,
    Zones,
    begins_at,
    local_arrivals,
    named,
    nowhere,
    people_in,
    wall_times,
    zone,
    zones_of,
)
from presend_checks._copy import copy_of, in_quotes, surely
from presend_checks._numbers import share
from presend_checks.timing._hours import Until, hours_today

_PARTS = (Part.SUBJECT, Part.PREVIEW_TEXT, Part.HTML, Part.TEXT)


@check(
    "TIM002",
    "past-at-arrival",
    mishaps=["M30"],
    severity=Severity.MEDIUM,
    needs=[Need.PARTS, Need.SCHEDULE, Need.FACTS],
)
def past_at_arrival(mail: Mail) -> Iterator[Hit]:
    """The hour at which people should get it has passed where they are, or the hour of today until which it offers.

    Why it matters
    By local time it depends on the platform and a box that somebody ticked whether these people get it at once, at
    whatever hour it is there, or not at all. And who reads "only today until noon" at four has lost before they began.

    How to fix
    Schedule sends by local time a day ahead, or send to these zones separately. Send what ends at an hour well before
    it, or write a later one.

    Known limits
    Only campaigns that have not begun to go, and templates on disk whose time is told; ten minutes are given. Where
    it is not documented by which clock the hour was set, it counts as passed only if it is by each. People without
    a known zone are not counted for the send, and by the account's clock, with medium confidence, for an hour in
    the copy. That is an hour of today at which something begins or ends, by which something is to be done, or the
    end of a span ("today at 9 am", "order by noon today", "today 9–11"), in English and a little German, by the
    reader's clock or by the one that stands behind it ("9 am ET"); today may stand in the sentence before ("Today
    only! Order by noon.") or in the other half of it ("Today is the last day, and lines close at 9"), or be named by
    its date; what is shut until an hour ("closed until noon today") is late news too. Left alone: cut-offs of every
    day ("order by 2 pm for next-day delivery"), sentences of another day, of what has been, of what goes on from an
    hour on, and hours that may be of the morning or of the evening. A send at one moment that is past is past-
    schedule's.
    """
    if mail.state not in (State.SCHEDULED, State.UNKNOWN):  # of a template on disk the caller says when it goes
        return
    zones = zones_of(mail)
    if wall_times(mail):
        yield from _too_late_to_arrive(mail, zones)
    for part in mail.parts:
        if part.part in _PARTS and not part.program.fatal:
            text = copy_of(part).text
            hours = (one for one in hours_today(text) if not in_quotes(text, one.start, one.end))
            # The same words are told of once in a part.
            for until in {text[one.start : one.end].casefold(): one for one in hours}.values():
                yield from _over(mail, part, until, zones)


def _too_late_to_arrive(mail: Mail, zones: Zones) -> Iterator[Hit]:
    missed = [
        one for one, times in local_arrivals(mail, zones) if max(at.astimezone(UTC) for at in times) < mail.now - GRACE
    ]
    if missed:
        count = sum(one.count for one in missed)
        yield Hit(
            Location(Part.CAMPAIGN, expression="past where they are"),
            f"For {share(count, zones.known)} of those whose zone is known the stated hour has already passed: they "
            f"get it at once, or not at all; {named(missed)}.",
            "Schedule it a day ahead, or send to these zones separately.",
            who=people_in(mail, missed),
            reason="the stated hour has passed there",
        )


def _over(mail: Mail, part: PartReading, until: Until, zones: Zones) -> Iterator[Hit]:
    """Those who read of an hour of today when it is over."""
    theirs = zone(until.zone)

    def over(times: Sequence[datetime]) -> bool:
        local = [(at.astimezone(theirs) if theirs else at).replace(tzinfo=None) for at in times]
        days = until.on is None or all(until.on.is_on(at.date()) for at in local)
        return days and all(at > datetime.combine(at.date(), until.hour) + GRACE for at in local)

    late = [one for one, times in local_arrivals(mail, zones) if over(times)]
    walls, begins, account = wall_times(mail), begins_at(mail), zone(mail.schedule.zone)
    own = walls or ((begins.astimezone(account),) if begins and account else ())
    off_here = bool(zones.unknown and own) and over(own)
    confidence = Confidence.HIGH if late or walls else Confidence.MEDIUM
    if off_here and len(late) == len(zones.zones):
        who = EVERYONE
    elif late:
        who = people_in(mail, late)
    elif off_here:
        who = nowhere(mail, zones)
    else:
        return
    span = copy_of(part).span(until.start, until.end)
    who = who & surely(part, span.start)
    if not (count := mail.audience.count(who)):
        return
    words = " ".join(copy_of(part).text[until.start : until.end].split())
    yield Hit(
        mail.at(part, span),
        f'"{words}" is over for {share(count, mail.audience.size)} of the recipients when it arrives.',
        "Send it well before that hour, or write a later one.",
        who=who,
        confidence=confidence,
        reason=f'reads "{words}" when it is over',
    )
