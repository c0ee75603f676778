"""The journal of deeds: intent with all that undoing takes before the first byte goes out, the result after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from presend.model import DeedState, Finding, FindingState, Receipt, Reversible, Step, Verb
from presend.store.access import reading, writing
from presend.store.seen import Seen, put
from presend.store.tables import journal, stages

STARTED = "started"
"""The state of an entry whose result never came: the process ended in between, so nobody knows."""

_MAY_BE = (DeedState.DONE.value, DeedState.UNKNOWN.value, STARTED)
"""States of a deed that may have happened."""

_UNREAD = "the journal could not be read"
_UNWRITTEN = "the result could not be written into the journal"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step within a deed of several, as it was noted before or after."""

    name: str
    data: Mapping[str, Any]


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
    """UNKNOWN too while it is `unfinished`."""
    undo: Mapping[str, Any]
    detail: str
    result: str
    started: datetime
    finished: datetime | None = None
    unfinished: bool = False
    """The result never came: the process is at work on it now, or ended in between."""
    undone_by: int | None = None
    """The entry of the deed that took it back."""
    revision: str = ""
    """The campaign's, when the deed was planned."""
    reversible: Reversible = Reversible.NO
    label: str = ""
    """The tag put on people, the name of an exclusion, the text of a comment."""
    holding: bool = False
    """Of an exclusion: the campaign may be held by it now (`Journal.holding`)."""
    stages: tuple[Stage, ...] = ()
    """In the order in which they were noted."""


class Journal:
    """Writes and reads entries; each call is its own transaction. Every method may raise DeedError."""

    def __init__(self, engine: sa.Engine, run: str) -> None:
        self._engine = engine
        self.run = run

    def begin(self, step: Step, name: str, undo: Mapping[str, Any], now: datetime) -> int:
        """Store what is about to be done; durable when this returns. The number of the entry."""
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
            "label": step.label,
            "undo": dict(undo),
            "state": STARTED,
            "result": "",
            "started": now,
        }
        with writing(self._engine, "the journal could not be written, so nothing was done") as connection:
            key = connection.execute(journal.insert().values(**values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def stage(self, entry: int, name: str, data: Mapping[str, Any]) -> None:
        """Note one step within a deed, before or after it is taken; durable when this returns. Never replaced."""
        values = {"entry": entry, "name": name, "data": dict(data)}
        with writing(self._engine, "the journal could not be written") as connection:
            connection.execute(stages.insert().values(**values))

    def holding(self, entry: int, held: bool) -> None:
        """Note that an exclusion is about to hold its campaign, or that it has surely scheduled it again.

        While it is set, `held` and `held_now` find the entry like a hold, whatever state it ends in.
        """
        self._change(entry, holding=held)

    def finish(self, entry: int, receipt: Receipt, now: datetime) -> None:
        """Store what came of it; what the platform says that taking it back needs joins what was stored before."""
        change: dict[str, Any] = {"state": receipt.state.value, "result": receipt.detail, "finished": now}
        this = journal.c.id == entry
        with writing(self._engine, _UNWRITTEN) as connection:
            if receipt.undo:
                before = connection.execute(sa.select(journal.c.undo).where(this)).scalar_one()
                change["undo"] = {**before, **receipt.undo}
            connection.execute(journal.update().where(this).values(**change))

    def undone(self, entry: int, by: int) -> None:
        """Note that a deed was taken back by another one."""
        self._change(entry, undone_by=by)

    def released(self, hold: Entry, by: int) -> None:
        """Note that a hold was taken back by another deed, and with it all earlier holds of the same campaign.

        An exclusion that ended held no longer holds it; who is left out stays so, and is for `undone`.
        """
        same = (journal.c.account == hold.account, journal.c.campaign_id == hold.campaign_id, journal.c.id <= hold.id)
        holds = (journal.c.verb == Verb.HOLD.value, journal.c.undone_by.is_(None))
        with writing(self._engine, _UNWRITTEN) as connection:
            connection.execute(journal.update().where(*same, *holds).values(undone_by=by))
            connection.execute(journal.update().where(*same, journal.c.holding).values(holding=False))

    def held(self, account: str, campaign_id: str) -> Entry | None:
        """The latest deed that holds the campaign, has not been taken back and may have happened, or None."""
        found = self._entries(
            holds(), journal.c.account == account, journal.c.campaign_id == campaign_id, newest=True, limit=1
        )
        return found[0] if found else None

    def held_now(self, account: str | None = None) -> list[Entry]:
        """For each campaign that presend holds or may hold, the latest entry of it, oldest first."""
        of = () if account is None else (journal.c.account == account,)
        latest = {(entry.account, entry.campaign_id): entry for entry in self._entries(holds(), *of)}
        return sorted(latest.values(), key=lambda entry: entry.id)

    def unfinished(self, account: str) -> list[Entry]:
        """Entries of other runs whose result never came, oldest first.

        Under the account's lock no other run can be at work on them: their processes have ended.
        """
        return self._entries(journal.c.account == account, journal.c.state == STARTED, journal.c.run != self.run)

    def entries(self, run: str) -> list[Entry]:
        """All of a run, in the order in which they were begun."""
        return self._entries(journal.c.run == run)

    def of(self, account: str, campaign_id: str, verbs: Collection[Verb] = tuple(Verb)) -> list[Entry]:
        """All of a campaign, oldest first."""
        kinds = journal.c.verb.in_([verb.value for verb in verbs])
        return self._entries(journal.c.account == account, journal.c.campaign_id == campaign_id, kinds)

    def runs(self, limit: int = 20) -> list[str]:
        """The latest runs that did anything, newest first."""
        query = sa.select(journal.c.run).group_by(journal.c.run).order_by(sa.func.max(journal.c.id).desc()).limit(limit)
        with reading(self._engine, _UNREAD) as connection:
            return list(connection.execute(query).scalars())

    def matching(self, start: str) -> list[str]:
        """The runs that did anything and whose name begins so, newest first; nobody types all of a name."""
        query = (
            sa.select(journal.c.run)
            .where(journal.c.run.startswith(start, autoescape=True))
            .group_by(journal.c.run)
            .order_by(sa.func.max(journal.c.id).desc())
        )
        with reading(self._engine, _UNREAD) as connection:
            return list(connection.execute(query).scalars())

    def last(self, verb: Verb, account: str, campaign_id: str) -> DeedState | None:
        """How the latest deed of this kind on the campaign ended, or None when there was none."""
        of = (journal.c.account == account, journal.c.campaign_id == campaign_id, journal.c.verb == verb.value)
        found = self._entries(*of, newest=True, limit=1)
        return found[0].state if found else None

    def _change(self, entry: int, **values: Any) -> None:
        with writing(self._engine, _UNWRITTEN) as connection:
            connection.execute(journal.update().where(journal.c.id == entry).values(**values))

    def _entries(self, *where: sa.ColumnElement[bool], newest: bool = False, limit: int | None = None) -> list[Entry]:
        order = journal.c.id.desc() if newest else journal.c.id
        query = sa.select(journal).where(*where).order_by(order).limit(limit)
        of = sa.select(journal.c.id).where(*where)
        within = sa.select(stages).where(stages.c.entry.in_(of)).order_by(stages.c.id)
        with reading(self._engine, _UNREAD) as connection:
            rows = connection.execute(query).mappings().all()
            noted: dict[int, list[Stage]] = {row["id"]: [] for row in rows}
            for stage in connection.execute(within).mappings():
                if stage["entry"] in noted:
                    noted[stage["entry"]].append(Stage(stage["name"], stage["data"]))
        return [_entry(row, noted[row["id"]]) for row in rows]


def holds() -> sa.ColumnElement[bool]:
    """Deeds that hold a campaign now, or may."""
    hold = (journal.c.verb == Verb.HOLD.value) & journal.c.undone_by.is_(None) & journal.c.state.in_(_MAY_BE)
    return hold | journal.c.holding


def _entry(row: sa.RowMapping, noted: Sequence[Stage]) -> Entry:
    return Entry(
        id=row["id"],
        run=row["run"],
        verb=Verb(row["verb"]),
        platform=row["platform"],
        account=row["account"],
        campaign_id=row["campaign_id"],
        campaign_name=row["campaign_name"],
        state=DeedState.UNKNOWN if row["state"] == STARTED else DeedState(row["state"]),
        undo=row["undo"],
        detail=row["detail"],
        result=row["result"],
        started=row["started"],
        finished=row["finished"],
        unfinished=row["state"] == STARTED,
        undone_by=row["undone_by"],
        revision=row["revision"],
        reversible=Reversible(row["reversible"]),
        label=row["label"],
        holding=row["holding"],
        stages=tuple(noted),
    )


def states(engine: sa.Engine, findings: Sequence[Finding]) -> dict[str, FindingState]:
    """For each fingerprint, whether it was seen in an earlier run; one that was gone and is back is new.

    Raises DeedError when the store fails.
    """
    known = {name for name, row in Seen(engine).states(findings).items() if row.resolved is None}
    return {f.fingerprint: FindingState.KNOWN if f.fingerprint in known else FindingState.NEW for f in findings}


def remember(
    engine: sa.Engine, platform: str, account: str, campaign_id: str, findings: Sequence[Finding], now: datetime
) -> None:
    """Note the findings as seen now. Raises DeedError when the store fails."""
    with writing(engine, "what was seen could not be stored") as connection:
        put(connection, (platform, account, campaign_id), findings, now)
