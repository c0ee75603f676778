"""What follows a scan: states from the store, the plan, deeds when asked for, the notice."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError

from presend.actions.apply import Doer, as_planned
from presend.actions.plan import Plan, make
from presend.cli.common import account_config, note
from presend.cli.notices import changed, notice_planned, notify
from presend.cli.run import After
from presend.engine import CampaignResult
from presend.errors import DeedError, SettingsError, UsageError
from presend.model import DeedState, FindingState, Verb
from presend.ports import Connector
from presend.registry import connector_for, rules
from presend.report import Report
from presend.settings import PolicySettings, Settings
from presend.store.database import opened
from presend.store.journal import Journal, remember, states


def load_policy(settings: Settings, path: Path | None) -> PolicySettings:
    """The policy of `--policy FILE`, else of presend.toml, else the default. Raises SettingsError or UsageError."""
    policy = settings.file.policy if path is None else _from_file(path)
    known = {rule.code for rule in rules()}
    for word in (*policy.tag_codes, *(code for rule in policy.rule for code in rule.codes)):
        if not any(code.startswith(word) for code in known):
            raise UsageError(
                f"the policy names {word!r}, which is no check and no family",
                help="`presend checks` lists them all.",
            )
    return policy


def _from_file(path: Path) -> PolicySettings:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if "policy" not in data:
            # Keys above the first table, or a misspelt one: taken for the default, it would never hold.
            raise SettingsError(f"{path} has no [policy] table", help="Begin the file with a line [policy].")
        return PolicySettings.model_validate(data["policy"])
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}", help="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}", help="Mend the line it names.") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors(include_input=False))
        raise SettingsError(f"the policy in {path} is not valid: {faults}", help="See README.md, Policy.") from None


def after_scan(settings: Settings, policy_file: Path | None, *, apply: bool, as_of: datetime | None) -> After:
    """What `run` does once everything is read.

    Reads the policy and opens the store now, so that a bad one stops before any request.
    """
    policy = load_policy(settings, policy_file)
    with opened(settings):
        pass

    def now() -> datetime:
        return as_of or datetime.now(UTC)

    def after(report: Report, connectors: dict[str, Connector]) -> Report:
        with opened(settings) as engine:
            report = _with_states(report, _known(engine, report))
            plan = make(policy, report.campaigns, {name: c.writer for name, c in connectors.items()})
            if plan.over:
                nothing = "nothing is done" if apply else "with --apply nothing would be done"
                note(f"{nothing}: {plan.over}. Raise the limit in [policy], or mend what was found.")
            if not apply:
                return replace(report, deeds=(*as_planned(plan), *notice_planned(settings, report, plan)))
            journal = Journal(engine, uuid.uuid4().hex)
            before = _holds_before(journal, plan)
            with ExitStack() as stack:
                done = Doer(_anew(settings, stack), journal, now).do(plan)
            report = replace(report, deeds=done)
            told = notify(settings, engine, report, plan, changed(done, before), now())
            _remember(engine, report, now())
        return replace(report, deeds=(*done, *told))

    return after


def _anew(settings: Settings, stack: ExitStack) -> Callable[[str], Connector]:
    """Connects to an account again when its first deed comes: scanning others may have used up its deadline."""
    accounts = {account.name: account for account in settings.accounts}

    @cache
    def connect(name: str) -> Connector:
        connector = connector_for(account_config(settings, accounts[name]))
        stack.callback(connector.close)
        return connector

    return connect


def _known(engine: sa.Engine, report: Report) -> Mapping[str, FindingState]:
    """What earlier runs saw; all counts as new when the store fails, so that nothing is kept quiet."""
    findings = [f for _ref, f in report.findings]
    try:
        return states(engine, findings)
    except DeedError as error:
        note(f"{error.message}: every finding is shown as new")
        return {f.fingerprint: FindingState.NEW for f in findings}


def _remember(engine: sa.Engine, report: Report, now: datetime) -> None:
    try:
        for result in report.campaigns:
            ref = result.campaign.ref
            remember(engine, ref.platform.value, ref.account, ref.id, result.findings, now)
    except DeedError as error:
        note(f"{error.message}: the next run will show these findings as new again")


def _holds_before(journal: Journal, plan: Plan) -> dict[tuple[str, str], DeedState]:
    """How the last hold of each campaign that is to be held ended, where there was one."""
    refs = {(p.step.account, p.step.campaign_id) for p in plan.open if p.step.verb is Verb.HOLD}
    try:
        ends = {ref: journal.last(Verb.HOLD, *ref) for ref in refs}
    except DeedError as error:
        note(error.message)
        return {}
    return {ref: state for ref, state in ends.items() if state is not None}


def _with_states(report: Report, known: Mapping[str, FindingState]) -> Report:
    def stamped(result: CampaignResult) -> CampaignResult:
        findings = tuple(replace(f, state=known[f.fingerprint]) for f in result.findings)
        return replace(result, findings=findings)

    return replace(report, campaigns=tuple(stamped(result) for result in report.campaigns))
