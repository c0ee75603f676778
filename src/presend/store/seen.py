"""What earlier runs saw: campaigns and findings, and how those of now differ: new, grown, resolved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from presend.model import Finding, Gap
from presend.store.access import chunks, reading, writing
from presend.store.tables import campaigns, seen

if TYPE_CHECKING:
    from presend.engine import CampaignResult

GROWTH = 1.5
"""A finding has grown, and an acknowledgement is void, from this many times the people on."""


SIZES = 200
"""Of so many campaigns of an account the sizes are looked at."""


@dataclass(frozen=True, slots=True)
class SeenRow:
    """What is known of a finding from earlier runs."""

    fingerprint: str
    code: str
    first_seen: datetime
    last_seen: datetime
    affected: int | None
    """When it was last seen; None: it was not about particular people, or there was no audience."""
    told: int | None
    """The number that growth is measured against: when it was last news, or the lowest since."""
    severity: int | None
    """`Severity` as a number; None for what was seen before severities were kept."""
    resolved: datetime | None
    """Since when it is gone, while it is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the findings of a campaign differ from what earlier runs saw; fingerprints, except for the resolved."""

    new: frozenset[str]
    """Never seen, or resolved and back."""
    grown: frozenset[str]
    """Seen, and now with half as many people again, or more severe."""
    resolved: tuple[SeenRow, ...]
    """Seen before and surely gone now: only of a campaign that was read completely."""

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.new or self.grown or self.resolved)


def looked_for(result: CampaignResult, codes: Collection[str]) -> frozenset[str]:
    """Of the codes that a run asked for, those that were judged for everybody in this campaign.

    What is not among them may be missing because nobody looked. Empty when anything without a code was unchecked.
    """
    unchecked = {u.code for u in result.unchecked}
    return frozenset() if "" in unchecked else frozenset(codes) - unchecked


class Seen:
    """Each call is its own transaction and may raise DeedError; times are aware and come back in UTC."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def states(self, findings: Sequence[Finding]) -> dict[str, SeenRow]:
        """By fingerprint, what earlier runs saw of these findings; one that was never seen is not in it."""
        prints = sorted({f.fingerprint for f in findings})
        found: dict[str, SeenRow] = {}
        with reading(self._engine, "what earlier runs saw could not be read") as connection:
            for some in chunks(prints):
                for row in connection.execute(sa.select(seen).where(seen.c.fingerprint.in_(some))).mappings():
                    found[row["fingerprint"]] = _row(row)
        return found

    def row(self, fingerprint: str) -> SeenRow | None:
        """What earlier runs saw of one fingerprint, or None."""
        query = sa.select(seen).where(seen.c.fingerprint == fingerprint)
        with reading(self._engine, "what earlier runs saw could not be read") as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _row(row)

    def changes(
        self,
        account: str,
        campaign_id: str,
        findings: Sequence[Finding],
        complete: bool,
        *,
        codes: Collection[str] | None = None,
    ) -> Changes:
        """How a campaign differs from what is remembered; to be asked before `remember`.

        Nothing is resolved unless the campaign was read completely, and with `codes` (see `looked_for`) only what
        one of them would have found again.
        """
        before = {row.fingerprint: row for row in self.of(account, campaign_id)}
        now = _worst(findings)
        known = {p: before[p] for p in now if p in before and before[p].resolved is None}
        gone = [r for p, r in before.items() if p not in now and r.resolved is None] if complete else []
        return Changes(
            new=frozenset(now) - frozenset(known),
            grown=frozenset(p for p, row in known.items() if _grown(row, now[p])),
            resolved=tuple(row for row in gone if codes is None or row.code in codes),
        )

    def of(self, account: str, campaign_id: str) -> list[SeenRow]:
        """Everything ever seen in a campaign and not pruned, the resolved too, oldest first."""
        query = (
            sa.select(seen)
            .where(seen.c.account == account, seen.c.campaign_id == campaign_id)
            .order_by(seen.c.first_seen, seen.c.fingerprint)
        )
        with reading(self._engine, "what earlier runs saw could not be read") as connection:
            return [_row(row) for row in connection.execute(query).mappings()]

    def sizes(self, account: str, *, but: str) -> tuple[int, ...]:
        """How many people the account's campaigns went to, the latest first, all `but` one, at most `SIZES`."""
        query = (
            sa.select(campaigns.c.size)
            .where(campaigns.c.account == account, campaigns.c.campaign_id != but, campaigns.c.size > 0)
            .order_by(campaigns.c.last_seen.desc(), campaigns.c.campaign_id)
            .limit(SIZES)
        )
        with reading(self._engine, "the sizes of earlier campaigns could not be read") as connection:
            return tuple(connection.execute(query).scalars())

    def remember(self, result: CampaignResult, now: datetime, *, codes: Collection[str] | None = None) -> None:
        """Note a campaign and its findings as seen now, and as resolved what is surely gone (see `changes`)."""
        ref = result.campaign.ref
        resolved = self.changes(ref.account, ref.id, result.findings, not result.failed, codes=codes).resolved
        send_at = result.campaign.schedule.send_at
        change: dict[str, Any] = {
            "platform": ref.platform.value,
            "name": ref.name,
            "send_at": None if isinstance(send_at, Gap) else send_at,
            "last_seen": now,
        }
        if result.audience is not None and not result.failed:
            change["size"] = result.audience.size
        this = (campaigns.c.account == ref.account, campaigns.c.campaign_id == ref.id)
        with writing(self._engine, "what was seen could not be stored") as connection:
            if connection.execute(campaigns.update().where(*this).values(**change)).rowcount == 0:
                key = {"account": ref.account, "campaign_id": ref.id, "first_seen": now}
                connection.execute(campaigns.insert().values(**key, **change))
            put(connection, (ref.platform.value, ref.account, ref.id), result.findings, now)
            for some in chunks([row.fingerprint for row in resolved]):
                connection.execute(seen.update().where(seen.c.fingerprint.in_(some)).values(resolved=now))


def put(connection: sa.Connection, where: tuple[str, str, str], findings: Sequence[Finding], now: datetime) -> None:
    """Note the findings of one campaign (platform, account, id) as seen, within a transaction."""
    latest = _worst(findings)
    known: dict[str, SeenRow] = {}
    for some in chunks(sorted(latest)):
        for row in connection.execute(sa.select(seen).where(seen.c.fingerprint.in_(some))).mappings():
            known[row["fingerprint"]] = _row(row)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for fingerprint, finding in latest.items():
        change: dict[str, Any] = {
            "last_seen": now,
            "affected": finding.affected,
            "severity": int(finding.severity),
            "resolved": None,
            "told": finding.affected,
        }
        before = known.get(fingerprint)
        if before is None:
            key = dict(zip(("platform", "account", "campaign_id"), where, strict=True))
            new.append({"fingerprint": fingerprint, **key, "code": finding.code, "first_seen": now, **change})
            continue
        if before.resolved is None and not _grown(before, finding):
            change["told"] = _lower(before.told, finding.affected)
        changed.append({"this": fingerprint, **change})
    if changed:
        connection.execute(seen.update().where(seen.c.fingerprint == sa.bindparam("this")), changed)
    if new:
        connection.execute(seen.insert(), new)


def _row(row: sa.RowMapping | Mapping[str, Any]) -> SeenRow:
    return SeenRow(
        fingerprint=row["fingerprint"],
        code=row["code"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        affected=row["affected"],
        told=row["told"],
        severity=row["severity"],
        resolved=row["resolved"],
    )


def _worst(findings: Sequence[Finding]) -> dict[str, Finding]:
    """One finding for each fingerprint: the one that reaches most, should two share it."""
    return {f.fingerprint: f for f in sorted(findings, key=lambda f: (f.affected or 0, f.severity))}


def _grown(row: SeenRow, finding: Finding) -> bool:
    if row.severity is not None and finding.severity > row.severity:
        return True
    return grew(row.told, finding.affected)


def grew(before: int | None, now: int | None) -> bool:
    """Whether a number of people grew by half or more. What was not counted before or now has not grown."""
    return before is not None and now is not None and now > before and now >= GROWTH * before


def _lower(before: int | None, now: int | None) -> int | None:
    if before is None or now is None:
        return now if before is None else before
    return min(before, now)
