"""Runs: when presend looked at which accounts, how much it found, whether it saw everything, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from presend.exitcodes import ExitCode
from presend.store.access import reading, writing
from presend.store.tables import journal, run_accounts, runs


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of a run."""

    account: str
    platform: str
    complete: bool
    campaigns: int
    findings: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `finished`, `complete` and `exit_codes` are None, None and () when it never came to its end."""

    run: str
    started: datetime
    finished: datetime | None
    complete: bool | None
    exit_codes: tuple[int, ...]
    accounts: tuple[AccountRow, ...]
    deeds: int
    """How many entries of the journal are of this run, whatever came of them."""


class Runs:
    """Each call is its own transaction and may raise DeedError; times are aware and come back in UTC."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def start(self, run: str, now: datetime) -> None:
        """Note that a run began; a second time changes nothing."""
        with writing(self._engine, "the run could not be noted in the store") as connection:
            if connection.execute(sa.select(runs.c.run).where(runs.c.run == run)).scalar() is None:
                connection.execute(runs.insert().values(run=run, started=now))

    def account(
        self, run: str, name: str, platform: str, complete: bool, campaigns: int, findings: int, now: datetime
    ) -> None:
        """Note what came of one account; a second time replaces the first. The run must have been started."""
        row = {
            "run": run,
            "account": name,
            "platform": platform,
            "complete": complete,
            "campaigns": campaigns,
            "findings": findings,
            "at": now,
        }
        this = (run_accounts.c.run == run, run_accounts.c.account == name)
        with writing(self._engine, "the run could not be noted in the store") as connection:
            connection.execute(run_accounts.delete().where(*this))
            connection.execute(run_accounts.insert().values(**row))

    def finish(self, run: str, exit_codes: Sequence[ExitCode | int], complete: bool, now: datetime) -> None:
        """Note how the run ended; `exit_codes` are all that apply, as in the report."""
        change = {"finished": now, "complete": complete, "exit_codes": [int(code) for code in exit_codes]}
        with writing(self._engine, "the run could not be noted in the store") as connection:
            connection.execute(runs.update().where(runs.c.run == run).values(**change))

    def last_complete(self, account: str) -> datetime | None:
        """When the account was last seen whole, or None when it never was."""
        query = sa.select(sa.func.max(run_accounts.c.at)).where(
            run_accounts.c.account == account, run_accounts.c.complete.is_(True)
        )
        with reading(self._engine, "earlier runs could not be read") as connection:
            found: datetime | None = connection.execute(query).scalar()
        return found

    def recent(self, limit: int, account: str | None = None) -> list[RunRow]:
        """The latest runs, newest first; with an account only runs in which it was looked at."""
        query = sa.select(runs).order_by(runs.c.started.desc(), runs.c.run).limit(limit)
        if account is not None:
            query = query.where(runs.c.run.in_(sa.select(run_accounts.c.run).where(run_accounts.c.account == account)))
        with reading(self._engine, "earlier runs could not be read") as connection:
            found = connection.execute(query).mappings().all()
            names = [row["run"] for row in found]
            of = run_accounts.select().where(run_accounts.c.run.in_(names)).order_by(run_accounts.c.account)
            accounts = connection.execute(of).mappings().all()
            counted = sa.select(journal.c.run, sa.func.count()).where(journal.c.run.in_(names)).group_by(journal.c.run)
            deeds: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted)}
        return [
            RunRow(
                run=row["run"],
                started=row["started"],
                finished=row["finished"],
                complete=row["complete"],
                exit_codes=tuple(row["exit_codes"] or ()),
                accounts=tuple(
                    AccountRow(a["account"], a["platform"], a["complete"], a["campaigns"], a["findings"])
                    for a in accounts
                    if a["run"] == row["run"]
                ),
                deeds=deeds.get(row["run"], 0),
            )
            for row in found
        ]
