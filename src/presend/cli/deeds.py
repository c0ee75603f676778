"""What follows a scan: states from the store, the plan, deeds when asked for, the notice."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError

from presend.actions import planfile
from presend.actions.apply import Doer, as_planned
from presend.actions.known import Memory, Ref
from presend.actions.plan import Given, Plan, make, undone
from presend.actions.recover import recover
from presend.check import Rule
from presend.cli.common import account_config, note, private_file
from presend.cli.notices import must_tell, notice_planned, notify
from presend.cli.remembered import known, memory, of_sending, record, remember, severities, with_states
from presend.cli.run import After, Scope
from presend.cli.spoken import acknowledged, recorder, unseen
from presend.engine import CampaignResult
from presend.errors import DeedError, PlatformError, SettingsError, UsageError
from presend.faults import in_file, toml_of
from presend.model import DeedState, State
from presend.ports import Connector
from presend.registry import connector_for, rules
from presend.report import Deed, Report
from presend.settings import PolicySettings, Settings
from presend.store.database import opened
from presend.store.journal import Journal
from presend.store.marks import Marks


def load_policy(settings: Settings, path: Path | None) -> PolicySettings:
    """The policy of `--policy FILE`, else of presend.toml, else the default. Raises SettingsError or UsageError."""
    policy = settings.file.policy if path is None else _from_file(path)
    known = {rule.code for rule in rules()}
    for word in (*policy.tag_codes, *(code for rule in policy.rule for code in rule.codes)):
        if not word or not any(code.startswith(word) for code in known):
            raise UsageError(
                f"the policy names {word!r}, which is no check and no family",
                help="`presend checks` lists them all.",
            )
    return policy


def _from_file(path: Path) -> PolicySettings:
    try:
        data = toml_of(path)
        if "policy" not in data:
            # Keys above the first table, or a misspelt one: taken for the default, it would never hold.
            raise SettingsError(f"{path} has no [policy] table", help="Begin the file with a line [policy].")
        return PolicySettings.model_validate(data["policy"])
    except ValidationError as error:
        raise in_file(error, f"the policy in {path}", PolicySettings, ("policy",)) from None


def unmatched(settings: Settings, policy: PolicySettings) -> list[str]:
    """The patterns of accounts in the policy that fit none of the configured accounts: perhaps a slip."""
    patterns = (*policy.approval.accounts, *(one for rule in policy.rule for one in rule.accounts))
    names = [account.name for account in settings.accounts]
    return [one for one in dict.fromkeys(patterns) if not any(fnmatchcase(name, one) for name in names)]


def too_few(settings: Settings, policy: PolicySettings) -> str:
    """What to say where more people must approve a campaign than [people] has: none can ever be; empty else."""
    approval, have = policy.approval, len(settings.file.people)
    wanted = approval.recipients is not None or approval.severity != "never" or approval.accounts
    if not wanted or have >= approval.people:
        return ""
    needed = f"{approval.people} people" if approval.people > 1 else "somebody"
    return f"[policy.approval] asks for {needed}, and [people] has {have or 'nobody'}: no campaign can be approved so"


WINDOW = timedelta(hours=48)
"""How far ahead a scan looks unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of the deeds of a run."""

    apply: bool = False
    as_of: datetime | None = None
    ran: frozenset[str] | None = None
    """The codes that are looked for; None: all of the rule book."""
    save: Path | None = None
    """Where to save the plan."""
    within: timedelta | None = None
    """The window of the scan; None: an audit, which has none."""

    @property
    def whole(self) -> bool:
        """Whether everything was looked for that a run without options looks for."""
        return self.ran is None and (self.within is None or self.within >= WINDOW)


def selected(chosen: Sequence[Rule]) -> frozenset[str] | None:
    """The codes that a run looks for; None where they are all."""
    codes = frozenset(rule.code for rule in chosen)
    return None if codes >= {rule.code for rule in rules()} else codes


@contextmanager
def widened(settings: Settings, policy_file: Path | None, scope: Scope, as_of: datetime | None) -> Iterator[Scope]:
    """The scope with what deeds need to know besides what is due, while the store is open for it.

    Raises SettingsError, UsageError or DeedError.
    """
    policy = load_policy(settings, policy_file)
    leaves_out = policy.exclude != "never" or any(rule.exclude not in (None, "never") for rule in policy.rule)
    with opened(settings) as engine:
        by_account: dict[str, set[str]] = {}
        for entry in Journal(engine, "").held_now():
            by_account.setdefault(entry.account, set()).add(entry.campaign_id)
        yield replace(
            scope,
            records=recorder(engine, settings, policy, as_of),
            exclusions=leaves_out,
            held={name: frozenset(ids) for name, ids in by_account.items()},
        )


def after_scan(settings: Settings, policy_file: Path | None, wishes: Wishes) -> After:
    """What `run` does once everything is read.

    Reads the policy and opens the store now, so that a bad one stops before any request.
    """
    policy = load_policy(settings, policy_file)
    if wishes.apply:
        must_tell(settings)
    _say_unmatched(settings, policy)
    with opened(settings):
        pass

    def now() -> datetime:
        return wishes.as_of or datetime.now(UTC)

    def after(report: Report, connectors: dict[str, Connector]) -> Report:
        with opened(settings) as engine, ExitStack() as stack:
            journal = Journal(engine, uuid.uuid4().hex)
            connect = connecting(settings, stack)
            found: tuple[Deed, ...] = ()
            if wishes.apply:
                found = recovered(journal, Marks(engine), connectors, connect, now)
                let_go(journal, report)
            report = unseen(engine, report, now(), wishes.within)
            silent = acknowledged(engine, report, now(), watch=wishes.apply)
            report = with_states(report, {**known(engine, report), **silent})
            results = (*report.campaigns, *report.held)
            refs = [(r.campaign.ref.account, r.campaign.ref.id) for r in results]
            past, blind = _past(engine, list(connectors), refs)
            given = Given(now(), past, wishes.ran, of_sending(), severities())
            plan = make(policy, results, {name: c.writer for name, c in connectors.items()}, given)
            plan = undone(plan, blind) if blind and wishes.apply else plan
            decisions = {d.finding.fingerprint: d for each in plan.decisions.values() for d in each}
            report = replace(report, decisions=decisions)
            if plan.over:
                nothing = "nothing is done" if wishes.apply else "with --apply nothing would be done"
                note(f"{nothing}: {plan.over}. Raise the limit in [policy], or mend what was found.")
            if wishes.save is not None:
                _save(wishes.save, plan, results, policy, report)
            if not wishes.apply:
                report = replace(report, deeds=(*as_planned(plan), *notice_planned(settings, report, plan, policy)))
                record(engine, journal.run, report, connectors, now(), whole=wishes.whole)
                return report
            done = (*found, *Doer(connect, journal, Marks(engine), now).do(plan))
            report = replace(report, deeds=done, applied=True)
            tell_run(journal, done)
            told = notify(
                settings, engine, report, plan, now(), reached=list(connectors), codes=wishes.ran, policy=policy
            )
            remember(engine, report, wishes.ran, now())
            report = replace(report, deeds=(*done, *told))
            record(engine, journal.run, report, connectors, now(), whole=wishes.whole)
        return report

    return after


def _say_unmatched(settings: Settings, policy: PolicySettings) -> None:
    names = ", ".join(account.name for account in settings.accounts)
    for pattern in unmatched(settings, policy):
        note(f"the policy names accounts {pattern!r}, which no configured account is called; there are: {names}")
    if short := too_few(settings, policy):
        note(f"{short}; add who may approve to presend.toml")


def _past(engine: sa.Engine, accounts: Sequence[str], refs: Sequence[Ref]) -> tuple[Memory, str]:
    """What was done before; else why that is not known, as a note too."""
    try:
        return memory(engine, accounts, refs), ""
    except DeedError as error:
        note(f"{error.message}: what was done before is not known")
        return Memory(), error.message


def recovered(
    journal: Journal,
    marks: Marks,
    accounts: Iterable[str],
    connect: Callable[[str], Connector],
    now: Callable[[], datetime],
) -> tuple[Deed, ...]:
    """What became of the deeds of runs that ended in between. A store that cannot be read is a note."""
    found: list[Deed] = []
    for account in accounts:
        try:
            if journal.unfinished(account):
                found += recover(connect(account), journal, marks, account, now)
        except (DeedError, PlatformError) as error:
            note(f"{account}: what an earlier run left unfinished could not be looked at: {error.message}")
    return tuple(found)


def let_go(journal: Journal, report: Report) -> None:
    """Note which campaigns presend no longer holds, as somebody else put them back: they are scheduled."""
    scheduled = {
        (r.campaign.ref.account, r.campaign.ref.id) for r in report.campaigns if r.campaign.state is State.SCHEDULED
    }
    try:
        for entry in journal.held_now():
            if (entry.account, entry.campaign_id) in scheduled and not entry.unfinished:
                journal.released(entry, entry.id)
    except DeedError as error:
        note(f"{error.message}: presend may call campaigns held that somebody put back")


def tell_run(journal: Journal, done: Sequence[Deed]) -> None:
    """Say what `presend undo` takes, when something was done that it could take back."""
    if any(deed.state is DeedState.DONE for deed in done):
        note(f"this was run {journal.run[:12]}: `presend undo {journal.run[:12]}` takes back what it did")


def _save(path: Path, plan: Plan, results: Sequence[CampaignResult], policy: PolicySettings, report: Report) -> None:
    text = planfile.write(plan, results, policy, version=report.version, made=report.as_of)
    with os.fdopen(private_file(path), "w", encoding="utf-8") as out:
        out.write(text)
    note(f"plan written to {path} (it names people by their ids; readable by you only)")


def connecting(settings: Settings, stack: ExitStack) -> Callable[[str], Connector]:
    """Connects to an account again when its first deed comes: scanning others may have used up its deadline."""
    accounts = {account.name: account for account in settings.accounts}

    @cache
    def connect(name: str) -> Connector:
        connector = connector_for(account_config(settings, accounts[name]))
        stack.callback(connector.close)
        return connector

    return connect
