"""The journal of deeds: intent with all that undoing takes before the first byte goes out, the result after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from presend.model import DeedState, Finding, FindingState, Receipt, Step, Verb
from presend.store.database import journal, seen


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    id: int
    run: str
    verb: Verb
    platform: str
    account: str
    campaign_id: str
    campaign_name: str
    state: DeedState
    undo: Mapping[str, Any]
    detail: str
    result: str
    started: datetime


STARTED = "started"
"""The state of an entry whose result never came: the process ended in between, so nobody knows."""


class Journal:
    """Writes and reads entries; each call is its own transaction."""

    def __init__(self, engine: sa.Engine, run: str) -> None:
        self._engine = engine
        self.run = run

    def begin(self, step: Step, name: str, undo: Mapping[str, Any], now: datetime) -> int:
        """Store what is about to be done; durable when this returns."""
        values = {
            "run": self.run,
            "verb": step.verb.value,
            "platform": step.platform,
            "account": step.account,
            "campaign_id": step.campaign_id,
            "campaign_name": name,
            "revision": step.revision,
            "reversible": step.reversible.value,
            "detail": step.detail,
            "undo": dict(undo),
            "state": STARTED,
            "result": "",
            "started": now,
        }
        with self._engine.begin() as connection:
            key = connection.execute(journal.insert().values(**values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def finish(self, entry: int, receipt: Receipt, now: datetime) -> None:
        """Store what came of it."""
        change: dict[str, Any] = {"state": receipt.state.value, "result": receipt.detail, "finished": now}
        with self._engine.begin() as connection:
            connection.execute(journal.update().where(journal.c.id == entry).values(**change))

    def undone(self, entry: int, by: int) -> None:
        """Note that a deed was taken back by another."""
        with self._engine.begin() as connection:
            connection.execute(journal.update().where(journal.c.id == entry).values(undone_by=by))

    def held(self, account: str, campaign_id: str) -> Entry | None:
        """The latest hold of the campaign that has not been taken back and may have happened, or None."""
        may_be = (DeedState.DONE.value, DeedState.UNKNOWN.value, STARTED)
        query = (
            sa.select(journal)
            .where(journal.c.account == account, journal.c.campaign_id == campaign_id)
            .where(journal.c.verb == Verb.HOLD.value, journal.c.undone_by.is_(None), journal.c.state.in_(may_be))
            .order_by(journal.c.id.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _entry(dict(row))


def _entry(row: Mapping[str, Any]) -> Entry:
    state = DeedState.UNKNOWN if row["state"] == STARTED else DeedState(row["state"])
    started = row["started"] if row["started"].tzinfo else row["started"].replace(tzinfo=UTC)
    return Entry(
        id=row["id"],
        run=row["run"],
        verb=Verb(row["verb"]),
        platform=row["platform"],
        account=row["account"],
        campaign_id=row["campaign_id"],
        campaign_name=row["campaign_name"],
        state=state,
        undo=row["undo"],
        detail=row["detail"],
        result=row["result"],
        started=started,
    )


def states(engine: sa.Engine, findings: Sequence[Finding]) -> dict[str, FindingState]:
    """For each fingerprint, whether it was seen in an earlier run."""
    prints = sorted({f.fingerprint for f in findings})
    known: set[str] = set()
    with engine.connect() as connection:
        for at in range(0, len(prints), 500):
            query = sa.select(seen.c.fingerprint).where(seen.c.fingerprint.in_(prints[at : at + 500]))
            known |= {row[0] for row in connection.execute(query)}
    return {p: FindingState.KNOWN if p in known else FindingState.NEW for p in prints}


def remember(
    engine: sa.Engine, platform: str, account: str, campaign_id: str, findings: Sequence[Finding], now: datetime
) -> None:
    """Note the findings as seen now."""
    with engine.begin() as connection:
        for fingerprint, finding in {f.fingerprint: f for f in findings}.items():
            change = {"last_seen": now, "affected": finding.affected}
            done = connection.execute(seen.update().where(seen.c.fingerprint == fingerprint).values(**change))
            if done.rowcount == 0:
                connection.execute(
                    seen.insert().values(
                        fingerprint=fingerprint,
                        platform=platform,
                        account=account,
                        campaign_id=campaign_id,
                        code=finding.code,
                        first_seen=now,
                        **change,
                    )
                )
