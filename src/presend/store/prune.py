"""Forgets what is old: counts it, or removes it, and never what somebody or something still relies on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from presend.model import DeedState, Verb
from presend.store.access import reading, writing
from presend.store.journal import STARTED, holds
from presend.store.tables import (
    acks,
    approvals,
    campaigns,
    journal,
    outbox,
    run_accounts,
    runs,
    seen,
    stages,
    tests,
)

Rule = tuple[str, sa.Table, sa.ColumnElement[bool]]
"""What is counted, in plural words; its table; which rows may go."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many of what were removed, or would be; and what is older still but stays, with the reason."""

    removed: tuple[tuple[str, int], ...]
    kept: tuple[tuple[str, int], ...]


def prune(engine: sa.Engine, before: datetime, now: datetime, *, dry_run: bool = False) -> Pruned:
    """Remove what ended before a moment, in one transaction. Raises DeedError, and then nothing was removed.

    Whatever its age, it keeps: deeds that hold a campaign or never came to an end, acknowledgements that have not
    expired, approvals and tests of campaigns that may still be sent, baselines, who carries a mark, notices that
    wait and the last of each channel, and the last complete run of each account.
    """
    what = "the store could not be read" if dry_run else "nothing was removed from the store"
    with (reading if dry_run else writing)(engine, what) as connection:
        kept = tuple((name, _count(connection, table, rows)) for name, table, rows in _kept(before, now))
        removed = []
        # Runs follow their deeds, so what is counted has to be what is left of them: the same order in both.
        for name, table, rows in _rules(before, now):
            removed.append((name, _count(connection, table, rows)))
            if not dry_run:
                connection.execute(table.delete().where(rows))
        if not dry_run:
            entries = sa.select(journal.c.id)
            connection.execute(stages.delete().where(stages.c.entry.not_in(entries)))
            connection.execute(run_accounts.delete().where(run_accounts.c.run.not_in(sa.select(runs.c.run))))
    return Pruned(tuple(removed), tuple((name, count) for name, count in kept if count))


def _count(connection: sa.Connection, table: sa.Table, rows: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(rows)).scalar_one()


def _open_deeds() -> sa.ColumnElement[bool]:
    """Entries that the next run, `status` or `release` needs."""
    return holds() | (journal.c.state == STARTED)


def _past(before: datetime) -> sa.ColumnElement[bool]:
    """Campaigns that were not seen lately, and whose time to be sent has passed where it is known."""
    sent = campaigns.c.send_at.is_(None) | (campaigns.c.send_at < before)
    return sa.and_(campaigns.c.last_seen < before, sent)


def _over(table: sa.Table, before: datetime) -> sa.ColumnElement[bool]:
    """Rows about a campaign that is past; one that no run has seen may still be sent."""
    same = sa.and_(campaigns.c.account == table.c.account, campaigns.c.campaign_id == table.c.campaign_id)
    return sa.exists().where(same, _past(before))


def _old_deeds(before: datetime) -> sa.ColumnElement[bool]:
    ended = sa.func.coalesce(journal.c.finished, journal.c.started)
    # Letting people back in takes what was stored when they were left out.
    out = sa.and_(journal.c.verb == Verb.EXCLUDE.value, journal.c.undone_by.is_(None), sa.not_(_over(journal, before)))
    # What was held, put back and said of a campaign that may still go is what keeps it from being done again.
    again = journal.c.verb.in_([verb.value for verb in (Verb.HOLD, Verb.RELEASE, Verb.COMMENT)])
    lasting = sa.and_(again, journal.c.state == DeedState.DONE.value, sa.not_(_over(journal, before)))
    return sa.and_(ended < before, sa.not_(_open_deeds()), sa.not_(out), sa.not_(lasting))


def _rules(before: datetime, now: datetime) -> list[Rule]:
    """What may go, in the order in which it goes: what others are judged by comes after them."""
    last_complete = (
        sa.select(sa.func.max(run_accounts.c.at)).where(run_accounts.c.complete).group_by(run_accounts.c.account)
    )
    needed = sa.union(
        sa.select(run_accounts.c.run).where(run_accounts.c.complete, run_accounts.c.at.in_(last_complete)),
        sa.select(journal.c.run).where(sa.not_(_old_deeds(before))),
    )
    newest = sa.select(sa.func.max(outbox.c.id)).group_by(outbox.c.channel, outbox.c.key)
    ended = sa.func.coalesce(outbox.c.sent, outbox.c.given_up)
    acknowledged = sa.select(acks.c.fingerprint).where(acks.c.until > now)
    return [
        ("runs", runs, sa.and_(runs.c.started < before, runs.c.run.not_in(needed))),
        ("deeds", journal, _old_deeds(before)),
        ("findings", seen, sa.and_(seen.c.last_seen < before, seen.c.fingerprint.not_in(acknowledged))),
        ("acknowledgements", acks, sa.and_(acks.c.until < before, acks.c.until <= now)),
        ("approvals", approvals, sa.and_(approvals.c.at < before, _over(approvals, before))),
        ("records of tests", tests, sa.and_(tests.c.at < before, _over(tests, before))),
        ("notices", outbox, sa.and_(ended < before, outbox.c.id.not_in(newest))),
        ("campaigns", campaigns, _past(before)),
    ]


def _kept(before: datetime, now: datetime) -> list[Rule]:
    return [
        ("deeds that hold a campaign, or may", journal, sa.and_(journal.c.started < before, holds())),
        (
            "deeds that never came to an end",
            journal,
            sa.and_(journal.c.started < before, journal.c.state == STARTED, sa.not_(holds())),
        ),
        ("acknowledgements that have not expired", acks, sa.and_(acks.c.at < before, acks.c.until > now)),
        (
            "notices that wait to be sent",
            outbox,
            sa.and_(outbox.c.made < before, outbox.c.sent.is_(None), outbox.c.given_up.is_(None)),
        ),
    ]
