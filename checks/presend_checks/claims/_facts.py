"""What the facts say to a claim: for whom it is true, for whom it is false and how surely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from presend.mail import Mail
from presend.model import Confidence, Severity
from presend.reading import NOBODY, Who, anybody
from presend_checks._numbers import day
from presend_checks.claims._phrases import About
from presend_checks.claims._said import Said
from presend_checks.claims._standing import standing
from presend_checks.claims._when import is_lately, reach

RECENT_DAYS = 90
OLD = 2
"""So many times the days of "recent" after which an order surely is not."""
ABSENT_DAYS = 14
BROWSED_DAYS = 90
"""Days within which a visit can be what a mail means by "you viewed"."""
_BASKET = re.compile(r"\b(?:cart|basket|bag)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Against:
    """Some of whom a claim is false."""

    who: Who
    why: str
    """Goes on behind "but": `they never ordered anything`."""
    confidence: Confidence = Confidence.HIGH
    severity: Severity | None = None
    """Only where it differs from the check's own."""
    known: bool = True
    """False where it is not known of them whether the claim is true: worth knowing, and not counted as false."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a claim, over everybody; `facts` empty: nothing that the account has can prove it."""

    facts: tuple[str, ...] = ()
    true: Who = NOBODY
    against: tuple[Against, ...] = ()
    dates: tuple[str, ...] = field(default=())
    """The facts among them that are times."""

    @property
    def false(self) -> Who:
        """Everybody of whom it is false, however surely."""
        return anybody([one.who for one in self.against if one.known])


def verdict(mail: Mail, claim: Said, options: Mapping[str, Any] | None = None) -> Verdict:
    """Holds a claim against the facts; the options are those of the checks."""
    chosen = {"recent_days": RECENT_DAYS, "absent_days": ABSENT_DAYS, **(options or {})}
    match claim.about:
        case About.PURCHASE | About.RECENT:
            return _purchase(mail, claim, chosen["recent_days"])
        case About.ABSENCE:
            return _absence(mail, chosen["absent_days"])
        case About.UNORDERED:
            return _unordered(mail, chosen["absent_days"])
        case About.RETURN:
            return _return(mail)
        case About.LOYAL:
            return _loyal(mail)
        case About.BROWSING:
            return _browsing(mail, claim)
        case _:
            found = standing(mail, claim)
            if found is None:
                return Verdict()
            against: tuple[Against, ...] = (Against(found.false, found.why, found.confidence),)
            if found.doubtful != NOBODY:
                against = (*against, Against(found.doubtful, found.doubt or found.why, Confidence.MEDIUM))
            return Verdict((found.column,), found.true, against)


@dataclass(frozen=True, slots=True)
class Buyers:
    """Who bought and who did not, as far as anybody knows."""

    some: Who
    none: Who
    """Those of whom it is known that they never ordered."""
    unsaid: Who
    """Those of whom nothing is known, where of others it is."""
    facts: tuple[str, ...]
    anybody: bool
    """Whether any recipient is known to have ordered; else the orders may not reach the account at all."""


def buyers(mail: Mail) -> Buyers | None:
    """What the account knows of its recipients' orders; None: nothing."""
    dated = mail.fact("last_order_at") if mail.has_fact("last_order_at") else None
    counted = mail.fact("orders") if mail.has_fact("orders") else None
    if dated is None and counted is None:
        return None
    # An order that is yet to come is a mistake, and proves nothing.
    ordered = mail.audience.day_between(dated, None, day(mail.send_at, -1)) if dated is not None else NOBODY
    zero = more = NOBODY
    if counted is not None:
        cells: dict[bool, list[str]] = {True: [], False: []}
        for value, cell, _count in mail.values(counted):
            if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
                cells[value > 0].append(cell)
        zero, more = mail.with_values(counted, cells[False]), mail.with_values(counted, cells[True])
    some = ordered | more
    none = zero & ~some
    facts = tuple(name for name in ("orders", "last_order_at") if mail.has_fact(name))
    return Buyers(some, none, ~(some | none) if counted else NOBODY, facts, mail.audience.count(some) > 0)


def _purchase(mail: Mail, claim: Said, recent_days: int) -> Verdict:
    known = buyers(mail)
    if known is None:
        return Verdict()
    sure = Confidence.HIGH if known.anybody else Confidence.MEDIUM
    against = [
        Against(known.none, "they never ordered anything", sure),
        Against(known.unsaid, "no order of theirs is known", Confidence.MEDIUM, Severity.INFO, known=False),
    ]
    said = reach(claim.words, claim.when, mail.send_at)
    days = said or (recent_days if claim.about is About.RECENT or is_lately(claim.when) else 0)
    if "last_order_at" not in known.facts:
        return Verdict(known.facts, NOBODY if days else known.some, tuple(against))
    if not days:
        return Verdict(known.facts, known.some, tuple(against), ("last_order_at",))
    column = mail.fact("last_order_at")
    # Nobody calls recent what is twice as old as that; in between it is a matter of taste.
    for limit, confidence in ((days if said else OLD * days, Confidence.HIGH), (days, Confidence.MEDIUM)):
        old = mail.audience.day_between(column, None, day(mail.send_at, limit))
        against.append(Against(old, f"their last order is more than {days} days old", confidence, Severity.MEDIUM))
    true = mail.audience.day_between(column, day(mail.send_at, days), day(mail.send_at, -1))
    return Verdict(known.facts, true, tuple(against), ("last_order_at",))


def _absence(mail: Mail, absent_days: int) -> Verdict:
    against: list[Against] = []
    true, dates = NOBODY, []
    since, until = day(mail.send_at, absent_days - 1), day(mail.send_at, -1)
    gone = NOBODY
    if mail.has_fact("last_order_at"):
        # A customer who has bought nothing for so long is absent, though they may open what they are sent.
        gone = mail.audience.day_between(mail.fact("last_order_at"), None, day(mail.send_at, RECENT_DAYS))
    for name, did, confidence in (
        ("last_order_at", "ordered", Confidence.HIGH),
        # On some platforms getting a mail is an event, and opening one is hardly being here.
        ("last_activity_at", "did something", Confidence.MEDIUM),
    ):
        if mail.has_fact(name):
            column = mail.fact(name)
            dates.append(name)
            lately = mail.audience.day_between(column, since, until) & ~(NOBODY if name == "last_order_at" else gone)
            against.append(Against(lately, f"they {did} less than {absent_days} days before the send", confidence))
            true = true | mail.audience.day_between(column, None, since)
    known = buyers(mail)
    if known is not None and known.anybody:
        against.insert(0, Against(known.none, "they never ordered anything"))
    facts = dates or (known.facts if known is not None and known.anybody else ())
    return Verdict(tuple(facts), true, tuple(against), tuple(dates))


def _unordered(mail: Mail, absent_days: int) -> Verdict:
    """Of orders alone: who looked in yesterday may not have ordered for long all the same."""
    known = buyers(mail)
    if known is None:
        return Verdict()
    sure = Confidence.HIGH if known.anybody else Confidence.MEDIUM
    against, true = [Against(known.none, "they never ordered anything", sure)], NOBODY
    dates: tuple[str, ...] = ()
    if "last_order_at" in known.facts:
        column, since = mail.fact("last_order_at"), day(mail.send_at, absent_days - 1)
        lately = mail.audience.day_between(column, since, day(mail.send_at, -1))
        against.append(Against(lately, f"they ordered less than {absent_days} days before the send"))
        true, dates = mail.audience.day_between(column, None, since), ("last_order_at",)
    return Verdict(known.facts, true, tuple(against), dates)


def _loyal(mail: Mail) -> Verdict:
    """One order makes no loyal customer, and no fact says how many do; none makes surely none."""
    known = buyers(mail)
    if known is None or not known.anybody:
        return Verdict()
    return Verdict(known.facts, NOBODY, (Against(known.none, "they never ordered anything"),))


def _return(mail: Mail) -> Verdict:
    known = buyers(mail)
    if known is None or not known.anybody:
        return Verdict()
    return Verdict(known.facts, known.some, (Against(known.none, "they never ordered anything"),))


def _browsing(mail: Mail, claim: Said) -> Verdict:
    """A visit proves that somebody looked at something; what lies in a basket, nothing tells."""
    if _BASKET.search(claim.words) or not mail.has_fact("last_visit_at"):
        return Verdict()
    column, since = mail.fact("last_visit_at"), day(mail.send_at, BROWSED_DAYS)
    lately = mail.audience.day_between(column, since, day(mail.send_at, -1))
    long_ago = mail.audience.day_between(column, None, since)
    # A platform knows of a visit only where it knew who came.
    against = Against(long_ago, f"their last known visit is more than {BROWSED_DAYS} days old", Confidence.MEDIUM)
    return Verdict(("last_visit_at",), lately, (against,), ("last_visit_at",))
