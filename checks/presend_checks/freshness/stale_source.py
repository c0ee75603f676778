"""AGE003: a feed of data that has stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from presend.check import Need, check
from presend.mail import Mail
from presend.model import Confidence, Gap, Hit, Location, Part, Severity
from presend_checks._numbers import listed

_FACTS = ("last_order_at", "last_activity_at", "updated_at", "created_at")
_LOOK_BACK = timedelta(days=180)
_LEAST_DAYS = 5
"""Days with something new, before the newest, that it takes to speak of a pace."""
_TIMES_USUAL = 5
"""A silence so many times the usual one has a chance below one in a hundred while things arrive as before (exp -5)."""


@dataclass(frozen=True, slots=True)
class _Stale:
    name: str
    days: int
    broken: bool
    """Whether it used to be so lively that silence means a fault."""


@check(
    "AGE003",
    "stale-source",
    mishaps=["M23"],
    severity=Severity.HIGH,
    needs=[Need.SOURCES, Need.FACTS],
    options={"max_lag_days": 14},
)
def stale_source(mail: Mail) -> Iterator[Hit]:
    """Nothing new has come from a source of data for weeks: the sync with the shop or the CRM has probably stopped.

    Why it matters
    Everything else is judged on this data. Who has bought since gets "we miss you", who has moved gets the old shop,
    who has opted out over there gets mail; and every preview looks fine.

    How to fix
    Look at the integration and let it catch up before the send. If the source is retired, disconnect it.

    Known limits
    A source is late when its newest change is older than `max_lag_days` (14) at the moment of the check; the time until
    the send does not count, since it may still catch up. Quiet accounts have old orders by right: a silence no longer
    than one in the half year before is passed over, and confidence is high only where it is five times the usual, or
    where nothing has come from any of several sources. A source whose watermark cannot be read is not judged.
    """
    marks = {s.name: s.watermark for s in mail.sources if not isinstance(s.watermark, Gap)}
    late = [_judged(mail, name, at) for name, at in marks.items() if _days(mail.now, at) > mail.options["max_lag_days"]]
    stale = [one for one in late if one is not None]
    if not stale:
        return
    silent = len(late) == len(marks) > 1
    said = listed([f"{one.name} ({one.days} days)" for one in stale])
    yield Hit(
        Location(Part.AUDIENCE, expression=", ".join(sorted(one.name for one in stale))),
        f"Nothing new has come for weeks from: {said}. The recipients and what is known of them may be out of date.",
        "Check the integration and let it catch up before the send; disconnect a source that is retired.",
        confidence=Confidence.HIGH if silent or any(one.broken for one in stale) else Confidence.MEDIUM,
        reason="judged on data from a source that has stopped",
    )


def _days(now: datetime, then: datetime) -> int:
    return (now - then).days


def _judged(mail: Mail, name: str, newest: datetime) -> _Stale | None:
    """The source as late, and whether surely; None where it has been as quiet before."""
    lag = _days(mail.now, newest)
    gaps = _gaps(mail, newest)
    if gaps is None:
        return _Stale(name, lag, broken=False)
    if lag <= max(gaps):
        return None
    return _Stale(name, lag, broken=lag >= _TIMES_USUAL * sum(gaps) / len(gaps))


def _gaps(mail: Mail, newest: datetime) -> list[int] | None:
    """The days between the days on which the recipients' facts show something from this source; None: it is not seen.

    Which facts a source feeds is told by their ends: the newest of them is of the day of the source's own newest.
    """
    last = newest.date()
    for name in _FACTS:
        if not mail.has_fact(name):
            continue
        seen = [date.fromisoformat(d) for d, _count in mail.audience.days(mail.fact(name)) if d is not None]
        recent = [d for d in seen if last - _LOOK_BACK <= d <= last]
        if seen and seen[-1] in (last, last - timedelta(days=1)) and len(recent) > _LEAST_DAYS:
            return [(after - before).days for before, after in pairwise(recent)]
    return None
