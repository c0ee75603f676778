"""What a run takes from the store before it plans, and leaves there when it is done; a store that fails is a note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from presend.actions.known import BY_HAND, PERHAPS, Known, Memory, Ref
from presend.actions.putback import ABOUT, last_word
from presend.check import Need
from presend.cli.common import note
from presend.engine import CampaignResult
from presend.errors import DeedError
from presend.model import DeedState, FindingState, Severity, UncheckedKind, Verb
from presend.ports import Connector
from presend.registry import rules
from presend.report import Report
from presend.store.journal import Journal, states
from presend.store.marks import Marks
from presend.store.runs import Runs
from presend.store.seen import Seen, looked_for


def of_sending() -> frozenset[str]:
    """The codes of checks on when and how a campaign goes: a draft goes at no time, so there they say nothing."""
    needs = {Need.SCHEDULE, Need.CHECKLIST, Need.RECORD}
    return frozenset(rule.code for rule in rules() if rule.needs & needs)


def severities() -> dict[str, Severity]:
    """How bad what each check finds is, as it says itself."""
    return {rule.code: rule.severity for rule in rules()}


def known(engine: sa.Engine, report: Report) -> Mapping[str, FindingState]:
    """What earlier runs saw; all counts as new when the store fails, so that nothing is kept quiet."""
    findings = [f for _ref, f in report.findings]
    try:
        return states(engine, findings)
    except DeedError as error:
        note(f"{error.message}: every finding is shown as new")
        return {f.fingerprint: FindingState.NEW for f in findings}


def remember(engine: sa.Engine, report: Report, ran: frozenset[str] | None, now: datetime) -> None:
    """Note what was found, and as resolved what is surely gone."""
    seen = Seen(engine)
    codes = {rule.code for rule in rules()} if ran is None else ran
    try:
        for result in (*report.campaigns, *report.held):
            # Those who are left out are not mended by it: what is wrong with them is not gone.
            whole = result.everybody
            kept = result if whole is None else replace(result, findings=whole.findings, unchecked=whole.unchecked)
            blind = bool(result.campaign.left_out) and whole is None
            looked = frozenset() if blind else looked_for(kept, codes)
            seen.remember(kept, now, codes=looked - of_sending() if result.held else looked)
    except DeedError as error:
        note(f"{error.message}: the next run will show these findings as new again")


def record(
    engine: sa.Engine, run: str, report: Report, accounts: Mapping[str, Connector], now: datetime, *, whole: bool
) -> None:
    """Note the run: which accounts were looked at, whether as a whole, and how it ends.

    `whole`: all checks ran over the usual window; a part of them sees no account whole.
    """
    runs = Runs(engine)
    failed = {u.account for u in report.unchecked if u.kind is UncheckedKind.FAILED}
    platforms = {name: connector.platform.value for name, connector in accounts.items()}
    platforms |= {f.unchecked.account: f.unchecked.platform for f in report.failures}
    try:
        runs.start(run, report.started)
        for name, platform in sorted(platforms.items()):
            of = [r for r in report.campaigns if r.campaign.ref.account == name]
            found = sum(len(r.findings) for r in of)
            runs.account(run, name, platform, whole and name not in failed, len(of), found, now)
        runs.finish(run, report.exit_codes, report.complete, now)
    except DeedError as error:
        note(f"{error.message}: `presend history` will not show it")


def with_states(report: Report, known: Mapping[str, FindingState]) -> Report:
    """The report with each finding's state."""

    def stamped(result: CampaignResult) -> CampaignResult:
        findings = tuple(replace(f, state=known.get(f.fingerprint, f.state)) for f in result.findings)
        whole = result.everybody
        return replace(result, findings=findings, everybody=None if whole is None else stamped(whole))

    campaigns, held = (tuple(map(stamped, results)) for results in (report.campaigns, report.held))
    return replace(report, campaigns=campaigns, held=held)


def memory(engine: sa.Engine, accounts: Sequence[str], refs: Iterable[Ref]) -> Memory:
    """What the store has of these campaigns and all others of the accounts for which somebody is marked.

    Raises DeedError when it cannot be read: who does not know what was done, and put back since, does nothing.
    """
    marks, journal = Marks(engine), Journal(engine, "")
    refs = set(refs) | {(account, campaign_id) for account in accounts for campaign_id in marks.campaigns(account)}
    return Memory({ref: _of(marks, journal, ref) for ref in sorted(refs)})


def _of(marks: Marks, journal: Journal, ref: Ref) -> Known:
    carried = {label: frozenset(marks.ids(*ref, label)) for label in marks.labels(*ref)}
    said = ""
    for entry in reversed(journal.of(*ref, (Verb.COMMENT,))):
        if entry.state is DeedState.DONE:
            said = entry.label
            break
        if entry.state is DeedState.UNKNOWN:
            said = f"{PERHAPS}{entry.label}"
            break
    hold = journal.held(*ref)
    held_for = "" if hold is None or hold.detail.startswith(BY_HAND) else hold.detail
    return Known(carried, said, held_for, last_word(journal.of(*ref, ABOUT)))
