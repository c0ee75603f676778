"""The journal of deeds: intent with all that undoing takes before the first byte goes out, the result after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from presend.errors import DeedError
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


@contextmanager
def stored(what: str) -> Iterator[None]:
    """Turn a failure of the database into DeedError: `what` could not be done, without any of the values."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        raise DeedError(
            f"{what} ({type(error).__name__})",
            help="Check that the disk has room and that the store of PRESEND_STORE_URL or PRESEND_STATE_DIR is up.",
        ) from None


class Journal:
    """Writes and reads entries; each call is its own transaction. Every method may raise DeedError."""

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
        with stored("the journal could not be written, so nothing was done"), self._engine.begin() as connection:
            key = connection.execute(journal.insert().values(**values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def finish(self, entry: int, receipt: Receipt, now: datetime) -> None:
        """Store what came of it; what the platform says that taking it back needs joins what was stored before."""
        change: dict[str, Any] = {"state": receipt.state.value, "result": receipt.detail, "finished": now}
        this = journal.c.id == entry
        with stored("the result could not be written into the journal"), self._engine.begin() as connection:
            if receipt.undo:
                before = connection.execute(sa.select(journal.c.undo).where(this)).scalar_one()
                change["undo"] = {**before, **receipt.undo}
            connection.execute(journal.update().where(this).values(**change))

    def released(self, hold: Entry, by: int) -> None:
        """Note that a hold was taken back by another deed, and with it all earlier holds of the same campaign."""
        same = (journal.c.account == hold.account, journal.c.campaign_id == hold.campaign_id)
        holds = (journal.c.verb == Verb.HOLD.value, journal.c.undone_by.is_(None), journal.c.id <= hold.id)
        with stored("the result could not be written into the journal"), self._engine.begin() as connection:
            connection.execute(journal.update().where(*same, *holds).values(undone_by=by))

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
        with stored("the journal could not be read"), self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _entry(dict(row))

    def last(self, verb: Verb, account: str, campaign_id: str) -> DeedState | None:
        """How the latest deed of this kind on the campaign ended, or None when there was none."""
        query = (
            sa.select(journal.c.state)
            .where(journal.c.account == account, journal.c.campaign_id == campaign_id)
            .where(journal.c.verb == verb.value)
            .order_by(journal.c.id.desc())
            .limit(1)
        )
        with stored("the journal could not be read"), self._engine.connect() as connection:
            state = connection.execute(query).scalar()
        return None if state is None else _state(state)


def _state(word: str) -> DeedState:
    return DeedState.UNKNOWN if word == STARTED else DeedState(word)


def _entry(row: Mapping[str, Any]) -> Entry:
    started = row["started"] if row["started"].tzinfo else row["started"].replace(tzinfo=UTC)
    return Entry(
        id=row["id"],
        run=row["run"],
        verb=Verb(row["verb"]),
        platform=row["platform"],
        account=row["account"],
        campaign_id=row["campaign_id"],
        campaign_name=row["campaign_name"],
        state=_state(row["state"]),
        undo=row["undo"],
        detail=row["detail"],
        result=row["result"],
        started=started,
    )


def states(engine: sa.Engine, findings: Sequence[Finding]) -> dict[str, FindingState]:
    """For each fingerprint, whether it was seen in an earlier run. Raises DeedError when the store fails."""
    prints = sorted({f.fingerprint for f in findings})
    known: set[str] = set()
    with stored("what earlier runs saw could not be read"), engine.connect() as connection:
        for at in range(0, len(prints), 500):
            query = sa.select(seen.c.fingerprint).where(seen.c.fingerprint.in_(prints[at : at + 500]))
            known |= {row[0] for row in connection.execute(query)}
    return {p: FindingState.KNOWN if p in known else FindingState.NEW for p in prints}


def remember(
    engine: sa.Engine, platform: str, account: str, campaign_id: str, findings: Sequence[Finding], now: datetime
) -> None:
    """Note the findings as seen now. Raises DeedError when the store fails."""
    with stored("what was seen could not be stored"), engine.begin() as connection:
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
