"""Claims that are false for some who read them, as hits; and every claim with its counts, as a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from presend.mail import Mail
from presend.model import Confidence, Hit, Kind, Severity
from presend.model.claim import Claim
from presend.reading import EVERYONE, NOBODY, Who, anybody
from presend_checks._copy import surely
from presend_checks._numbers import day, share
from presend_checks.claims._facts import Against, verdict
from presend_checks.claims._phrases import About
from presend_checks.claims._said import Said, said

WORDS: Mapping[About, str] = {
    About.PURCHASE: "has bought something",
    About.RECENT: "has bought something lately",
    About.ABSENCE: "has not been here for long",
    About.UNORDERED: "has not ordered for long",
    About.RETURN: "was here before",
    About.BIRTHDAY: "has a birthday now",
    About.BIRTHDAY_MONTH: "has a birthday this month",
    About.YEARS: "has been with the sender for years",
    About.YEARS_EXACT: "has been with the sender for just so many years",
    About.LOYAL: "is a loyal customer",
    About.POINTS: "has so many points",
    About.TIER: "has a standing with the sender",
    About.MEMBER: "is a member",
    About.OWNER: "owns a thing",
    About.RESIDENT: "lives in a place",
    About.BROWSING: "looked at something or left it in a basket",
    About.FAMILY: "has a family",
    About.ANNIVERSARY: "has an anniversary",
    About.HOME: "comes home",
    About.DID: "did or said something",
    About.LIFE: "has come to a point in life",
    About.PENDING: "has something under way with the sender",
}
"""What each kind of claim says of the reader."""


@dataclass(slots=True)
class _Found:
    """A reason why claims of one part are false, with everybody whom it is about."""

    claim: Said
    against: Against
    confidence: Confidence
    reads: list[Who]
    """Those who surely read a claim of this kind, by place."""
    who: list[Who]


def judged_by_trigger(mail: Mail) -> bool:
    """Whether what the reader did is what sets the mail off, which no fact knows better."""
    return mail.kind is Kind.AUTOMATION


def false_claims(mail: Mail, severity: Severity, fix: str, *about: About) -> Iterator[Hit]:
    """The claims of these kinds that are false for some: one hit per part and reason."""
    found: dict[tuple[Any, ...], _Found] = {}
    for claim in () if judged_by_trigger(mail) else said(mail, *about):
        reads = surely(claim.part, claim.span.start)
        before = NOBODY
        for against in verdict(mail, claim, mail.options).against:
            confidence = against.confidence if claim.sure else Confidence.MEDIUM
            who = reads & against.who & ~before
            before = before | against.who
            one = found.setdefault(
                (claim.part.part, against.why, confidence), _Found(claim, against, confidence, [], [])
            )
            one.reads.append(reads)
            one.who.append(who)
    for one in found.values():
        who = anybody(one.who)
        count = mail.audience.count(who)
        if count:
            yield _hit(mail, one, who, count, severity, fix)


def _hit(mail: Mail, one: _Found, who: Who, count: int, severity: Severity, fix: str) -> Hit:
    claim = one.claim
    readers = mail.audience.count(anybody(one.reads))
    at = mail.at(claim.part, claim.span)
    perhaps = "" if one.confidence is Confidence.HIGH else " / perhaps"
    return Hit(
        # Two reasons at one place are two findings, and so is one that surely holds for some and perhaps for others.
        type(at)(at.part, at.start, at.end, f"{at.expression.casefold()} / {one.against.why}{perhaps}"),
        f'The copy says "{claim.words}" to {share(count, readers)} of its readers, but {one.against.why}.',
        fix,
        who=who,
        severity=severity if one.against.severity is None else one.against.severity,
        confidence=one.confidence,
        reason=f'reads "{claim.words}", but {one.against.why.replace("they ", "").replace("their ", "the ")}',
    )


def ledger(mail: Mail) -> Iterator[Claim]:
    """Everything that the message says of its readers, with how many of those who read it it is true for."""
    for claim in said(mail, *About):
        reads = surely(claim.part, claim.span.start)
        found = verdict(mail, claim)
        if claim.bound and not found.facts:
            continue
        seen = mail.audience.count(reads)
        false = mail.audience.count(reads & found.false)
        true = mail.audience.count(reads & found.true & ~found.false)
        yield Claim(
            mail.at(claim.part, claim.span),
            claim.words,
            WORDS[claim.about],
            seen,
            true,
            false,
            seen - true - false,
            found.facts,
            _newest(mail, found.dates),
        )


def _newest(mail: Mail, facts: tuple[str, ...]) -> datetime | None:
    """The newest day of the facts by the time of the mail; one after it cannot be and is none."""
    until = day(mail.send_at, -1)
    known = [found for name in facts for found, _count in mail.audience.days(mail.fact(name), EVERYONE)]
    days = [found for found in known if found and found < until]
    return datetime.fromisoformat(max(days)).replace(tzinfo=UTC) if days else None
