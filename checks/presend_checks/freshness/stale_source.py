"""AGE003: a feed of data that has stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from presend.check import Level, Need, check
from presend.mail import Mail
from presend.model import Confidence, Gap, Hit, Location, Part, Severity, Source
from presend_checks._numbers import listed

_FACTS = ("last_order_at", "last_activity_at", "updated_at", "created_at")
_LOOK_BACK = timedelta(days=180)
_LEAST_DAYS = 5
"""Days with something new, before the newest, that it takes to speak of a pace."""
_TIMES_USUAL = 5
"""A silence so many times the usual one has a chance below one in a hundred while things arrive as before (exp -5)."""


@dataclass(frozen=True, slots=True)
class _Late:
    name: str
    days: int
    concerns: bool
    """Whether the recipients' own data shows that it feeds what this campaign uses."""
    broken: bool
    """Whether it used to be so lively that silence means a fault."""


@check(
    "AGE003",
    "stale-source",
    mishaps=["M23"],
    severity=Severity.HIGH,
    needs=[Need.SOURCES, Need.FACTS],
    level=Level.CAMPAIGN,
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
    where nothing has come from any of several sources. One late source among fresh ones, of which the recipients show
    nothing, is information: this campaign may not use it. A source whose watermark cannot be read is not judged.
    """
    known = [(source, at) for source in mail.sources if not isinstance(at := source.watermark, Gap)]
    overdue = [(source, at) for source, at in known if (mail.now - at).days > mail.options["max_lag_days"]]
    late = [one for source, at in overdue if (one := _judged(mail, source, at)) is not None]
    if not late:
        return
    silent = len(overdue) == len(known)
    concerns = silent or any(one.concerns for one in late)
    said = listed([f"{one.name} ({one.days} days)" for one in late])
    sure = any(one.broken for one in late) or (silent and len(known) > 1)
    yield Hit(
        Location(Part.AUDIENCE, expression=", ".join(sorted(one.name for one in late))),
        f"Nothing new has come for weeks from: {said}. What is known of the recipients may be out of date.",
        "Check the integration and let it catch up before the send; disconnect a source that is retired.",
        severity=Severity.HIGH if concerns else Severity.INFO,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        reason="judged on data from a source that has stopped",
    )


def _judged(mail: Mail, source: Source, newest: datetime) -> _Late | None:
    """The source as late, and whether surely; None where it has been as quiet before."""
    lag = (mail.now - newest).days
    gaps = _gaps(mail, source, newest)
    if not gaps:
        return _Late(source.name, lag, concerns=bool(source.column), broken=False)
    if lag <= max(gaps):
        return None
    return _Late(source.name, lag, concerns=True, broken=lag >= _TIMES_USUAL * sum(gaps) / len(gaps))


def _gaps(mail: Mail, source: Source, newest: datetime) -> list[int]:
    """The days between the days on which the recipients show something from this source; empty where they do not.

    Which facts a source feeds is told by their ends: the newest of them is of the day of the source's own newest.
    """
    last = newest.date()
    columns = [source.column] if source.column else [mail.fact(name) for name in _FACTS if mail.has_fact(name)]
    for column in columns:
        seen = [date.fromisoformat(d) for d, _count in mail.audience.days(column) if d is not None]
        recent = [d for d in seen if last - _LOOK_BACK <= d <= last]
        if seen and seen[-1] in (last, last - timedelta(days=1)) and len(recent) > _LEAST_DAYS:
            return [(after - before).days for before, after in pairwise(recent)]
    return []
