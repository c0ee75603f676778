"""Finds the run, takes it back under the locks of its accounts, and says what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from presend.actions.recover import recover
from presend.actions.undo import Undoer, plan_undo, shown
from presend.cli.applying import as_report, in_format
from presend.cli.common import chosen_accounts
from presend.cli.deeds import connecting
from presend.errors import NothingSelected, UsageError
from presend.exitcodes import ExitCode
from presend.model import DeedState
from presend.report import Deed
from presend.settings import load
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.locks import account_lock
from presend.store.marks import Marks


def undo(run: str, *, dry_run: bool, form: str, config: Path | None) -> ExitCode:
    """Take a run back. Raises NothingSelected when there is none of that name, UsageError when there are several."""
    settings = load(config)
    started = datetime.now(UTC)

    def now() -> datetime:
        return datetime.now(UTC)

    with ExitStack() as stack:
        engine = stack.enter_context(opened(settings))
        journal = Journal(engine, uuid.uuid4().hex)
        name = _named(journal, run)
        accounts = sorted({entry.account for entry in journal.entries(name)})
        chosen_accounts(settings, accounts)
        for account in accounts:
            stack.enter_context(account_lock(settings, account))
        if dry_run:
            deeds: Sequence[Deed] = [shown(back) for back in plan_undo(journal.entries(name), now())]
        else:
            connect = connecting(settings, stack)
            for account in accounts:
                if journal.unfinished(account):
                    recover(connect(account), journal, Marks(engine), account, now)
            backs = plan_undo(journal.entries(name), now())
            deeds = Undoer(connect, journal, Marks(engine), now).undo(backs)
    report = as_report(started, len(accounts), deeds)
    click.echo(in_format(report, form), nl=False)
    cannot = any(deed.state is DeedState.CANNOT for deed in deeds)
    return ExitCode.DEED if cannot and not dry_run else report.exit_code


def _named(journal: Journal, run: str) -> str:
    found = [name for name in journal.runs(10_000) if name.startswith(run)] if run else []
    if run in found:
        return run
    if not found:
        raise NothingSelected(
            f"there is no run {run!r} that did anything", help="`presend history` and `presend status` name them."
        )
    if len(found) > 1:
        raise UsageError(f"{len(found)} runs begin with {run!r}", help="Give more of its name.")
    return found[0]
