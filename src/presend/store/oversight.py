"""What people said: acknowledgements, approvals, test sends, and the debt of an account that was there before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from presend.store.access import reading, writing
from presend.store.seen import grew
from presend.store.tables import acks, approvals, baselines, tests


@dataclass(frozen=True, slots=True)
class Ack:
    """One finding accepted until a time, by somebody, for a reason."""

    fingerprint: str
    by: str
    reason: str
    until: datetime
    affected_at_ack: int | None
    """How many people it reached then; None where nobody counted."""
    at: datetime

    def void(self, affected: int | None) -> bool:
        """Whether the numbers grew by half since: then it speaks again."""
        return grew(self.affected_at_ack, affected)


@dataclass(frozen=True, slots=True)
class Approval:
    """A verdict on exactly one state of a campaign."""

    content_hash: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TestSend:
    """The record of a test that somebody sent and looked at."""

    content_hash: str
    by: str
    at: datetime
    message: str | None = None
    """The label of the message it was of; None: of every message that the campaign has."""


class Acks:
    """Each call is its own transaction and may raise DeedError; times are aware and come back in UTC."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, fingerprint: str, by: str, reason: str, until: datetime, affected: int | None, now: datetime) -> None:
        """Store an acknowledgement; the latest of a fingerprint is the one that counts."""
        row = {"fingerprint": fingerprint, "by": by, "reason": reason, "until": until, "affected": affected, "at": now}
        with writing(self._engine, "the acknowledgement could not be stored") as connection:
            connection.execute(acks.insert().values(**row))

    def remove(self, fingerprint: str) -> Ack | None:
        """Forget all of a fingerprint; gives the latest, or None where there was none."""
        newest = acks.select().where(acks.c.fingerprint == fingerprint).order_by(acks.c.id.desc()).limit(1)
        with writing(self._engine, "the acknowledgement could not be removed") as connection:
            row = connection.execute(newest).mappings().first()
            connection.execute(acks.delete().where(acks.c.fingerprint == fingerprint))
        return None if row is None else _ack(row)

    def get(self, fingerprint: str) -> Ack | None:
        """The latest of a fingerprint, also one that has expired."""
        query = acks.select().where(acks.c.fingerprint == fingerprint).order_by(acks.c.id.desc()).limit(1)
        with reading(self._engine, "acknowledgements could not be read") as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _ack(row)

    def active(self, now: datetime) -> dict[str, Ack]:
        """By fingerprint, the latest of each that has not expired: `until` is the first moment at which it has.

        Whether the numbers grew is for the caller to ask (`Ack.void`).
        """
        newest = sa.select(sa.func.max(acks.c.id)).group_by(acks.c.fingerprint)
        query = acks.select().where(acks.c.id.in_(newest), acks.c.until > now)
        with reading(self._engine, "acknowledgements could not be read") as connection:
            return {row["fingerprint"]: _ack(row) for row in connection.execute(query).mappings()}


def _ack(row: sa.RowMapping) -> Ack:
    return Ack(row["fingerprint"], row["by"], row["reason"], row["until"], row["affected"], row["at"])


class Approvals:
    """Each call is its own transaction and may raise DeedError; times are aware and come back in UTC."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, account: str, campaign_id: str, content_hash: str, by: str, now: datetime) -> None:
        """Store a verdict; the same one by the same person again changes nothing."""
        row = {"account": account, "campaign_id": campaign_id, "content_hash": content_hash, "by": by}
        same = sa.select(approvals.c.id).where(*(approvals.c[name] == value for name, value in row.items()))
        with writing(self._engine, "the approval could not be stored") as connection:
            if connection.execute(same).first() is None:
                connection.execute(approvals.insert().values(**row, at=now))

    def of(self, account: str, campaign_id: str) -> list[Approval]:
        """All verdicts on a campaign, oldest first, also those on states that an edit has ended since."""
        query = (
            approvals.select()
            .where(approvals.c.account == account, approvals.c.campaign_id == campaign_id)
            .order_by(approvals.c.id)
        )
        with reading(self._engine, "approvals could not be read") as connection:
            rows = connection.execute(query).mappings().all()
        return [Approval(row["content_hash"], row["by"], row["at"]) for row in rows]


class Tests:
    """Test sends; each call is its own transaction and may raise DeedError; times come back in UTC."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(
        self,
        account: str,
        campaign_id: str,
        content_hash: str,
        by: str,
        now: datetime,
        messages: Collection[str] = (),
    ) -> None:
        """Record a test send of one state of the campaign: of the messages with these labels, or of all."""
        row = {"account": account, "campaign_id": campaign_id, "content_hash": content_hash, "by": by, "at": now}
        rows = [{**row, "message": label} for label in sorted(set(messages)) or (None,)]
        with writing(self._engine, "the record of the test could not be stored") as connection:
            connection.execute(tests.insert(), rows)

    def of(self, account: str, campaign_id: str) -> list[TestSend]:
        """All records of a campaign, oldest first; that there is none does not say that nobody tested."""
        query = (
            tests.select().where(tests.c.account == account, tests.c.campaign_id == campaign_id).order_by(tests.c.id)
        )
        with reading(self._engine, "the records of tests could not be read") as connection:
            rows = connection.execute(query).mappings().all()
        return [TestSend(row["content_hash"], row["by"], row["at"], row["message"]) for row in rows]


class Baselines:
    """The debt of an account; each call is its own transaction and may raise DeedError."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, account: str, fingerprints: Collection[str], now: datetime) -> None:
        """Take these for the debt of the account, in place of what was taken before; none ends the baseline."""
        rows = [{"account": account, "fingerprint": one, "at": now} for one in sorted(set(fingerprints))]
        with writing(self._engine, "the baseline could not be stored") as connection:
            connection.execute(baselines.delete().where(baselines.c.account == account))
            if rows:
                connection.execute(baselines.insert(), rows)

    def get(self, account: str) -> frozenset[str]:
        """The fingerprints taken; empty when none was."""
        query = sa.select(baselines.c.fingerprint).where(baselines.c.account == account)
        with reading(self._engine, "the baseline could not be read") as connection:
            return frozenset(connection.execute(query).scalars())
