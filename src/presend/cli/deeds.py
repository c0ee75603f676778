"""What follows a scan: states from the store, the plan, deeds when asked for, the notice."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from presend.actions.apply import Doer, as_planned
from presend.actions.plan import Plan, make
from presend.cli.common import note
from presend.cli.run import After
from presend.engine import CampaignResult
from presend.errors import SettingsError, UsageError
from presend.model import DeedState, Reversible, Verb
from presend.notify.digest import Digest, digest
from presend.ports import Connector
from presend.registry import rules
from presend.report import Deed, Report
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
        return PolicySettings.model_validate(data.get("policy", {}))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}", help="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}", help="Mend the line it names.") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors(include_input=False))
        raise SettingsError(f"the policy in {path} is not valid: {faults}", help="See README.md, Policy.") from None


def after_scan(settings: Settings, policy_file: Path | None, *, apply: bool, as_of: datetime | None) -> After:
    """What `run` does once everything is read. Reads the policy now, so that a bad one stops before any request."""
    policy = load_policy(settings, policy_file)

    def now() -> datetime:
        return as_of or datetime.now(UTC)

    def after(report: Report, connectors: dict[str, Connector]) -> Report:
        with opened(settings) as engine:
            report = _with_states(report, states(engine, [f for _ref, f in report.findings]))
            plan = make(policy, report.campaigns, {name: c.writer for name, c in connectors.items()})
            if not apply:
                return replace(report, deeds=(*as_planned(plan), *_notice_planned(settings, report, plan)))
            journal = Journal(engine, uuid.uuid4().hex)
            done = Doer(connectors, journal, now).do(plan)
            report = replace(report, deeds=done)
            report = replace(report, deeds=(*done, *_notify(settings, report, plan)))
            for result in report.campaigns:
                ref = result.campaign.ref
                remember(engine, ref.platform.value, ref.account, ref.id, result.findings, now())
        if plan.over:
            note(f"nothing was done: {plan.over}. Raise the limit in [policy], or mend what was found.")
        return report

    return after


def _with_states(report: Report, known: Mapping[str, object]) -> Report:
    def stamped(result: CampaignResult) -> CampaignResult:
        findings = tuple(replace(f, state=known[f.fingerprint]) for f in result.findings)  # type: ignore[arg-type]
        return replace(result, findings=findings)

    return replace(report, campaigns=tuple(stamped(result) for result in report.campaigns))


def _digest(report: Report, plan: Plan) -> Digest:
    told = {d.finding.fingerprint for found in plan.decisions.values() for d in found if Verb.NOTIFY in d.verbs}
    return digest(report, frozenset(told), plan.over)


def _deed(state: DeedState, detail: str) -> Deed:
    return Deed(Verb.NOTIFY, "", "", "", state, Reversible.NO, detail)


def _notice_planned(settings: Settings, report: Report, plan: Plan) -> tuple[Deed, ...]:
    if settings.slack_webhook is None or _digest(report, plan).empty:
        return ()
    return (_deed(DeedState.PLANNED, "send one digest to Slack"),)


def _notify(settings: Settings, report: Report, plan: Plan) -> tuple[Deed, ...]:
    notice = _digest(report, plan)
    if settings.slack_webhook is None or notice.empty:
        return ()
    from presend.notify.slack import send

    why = send(settings.slack_webhook.get_secret_value(), notice)
    if why:
        note(f"the notice did not go out: {why}")
        return (_deed(DeedState.FAILED, f"the digest did not go out: {why}"),)
    return (_deed(DeedState.DONE, "one digest sent to Slack"),)
