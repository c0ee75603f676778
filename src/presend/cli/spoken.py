"""What people say to presend: accepting a finding, approving a campaign, recording a test, taking today's debt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import click
import sqlalchemy as sa

from presend.cli.common import account_config, campaign_of, find_campaign, note
from presend.errors import DeedError, NothingSelected, UsageError
from presend.exitcodes import ExitCode
from presend.model import Campaign, Finding, FindingState, Gap, Record, UncheckedKind
from presend.model.counting import many
from presend.oversight import Recorder, accepted, asked, known_person, no_author, record, until
from presend.registry import connector_for
from presend.report import Report
from presend.settings import Account, People, PolicySettings, Settings, load
from presend.store.database import opened
from presend.store.oversight import Ack, Acks, Approvals, Baselines, Tests
from presend.store.seen import Seen


def _now() -> datetime:
    return datetime.now(UTC)


def _people(settings: Settings) -> People:
    return People(settings.file.people)


def _somebody(people: People, by: str) -> str:
    """The name of who speaks. Raises UsageError for nobody, and for who is not in [people] where there are any."""
    if people:
        known_person(people, by)
    if not by.strip():
        raise UsageError("--by is empty", help="Say who it was: the next one who sees it will ask them.")
    return by.strip()


def _live(settings: Settings, name: str) -> tuple[Account, Campaign]:
    """The campaign as it is now. Raises UsageError for what cannot be vouched for as it stands."""
    account, campaign_id = find_campaign(settings, name)
    connector = connector_for(account_config(settings, account))
    try:
        campaign: Campaign = campaign_of(connector, campaign_id)
    finally:
        connector.close()
    if campaign.gaps:
        raise UsageError(
            f"not everything of {name} could be read: {campaign.gaps[0].reason}",
            help="Nobody can vouch for what presend cannot see; mend that first.",
        )
    return account, campaign


# ------------------------------------------------------------------------------------------------ commands


def ack(fingerprint: str, by: str, reason: str, end: str, config: Path | None) -> ExitCode:
    """Accept one finding until a time."""
    settings = load(config)
    by = _somebody(_people(settings), by)
    if not reason.strip():
        raise UsageError("--reason is empty", help="Say why it is accepted: the next one who sees it will ask.")
    now = _now()
    moment = until(end, now)
    with opened(settings) as engine:
        seen = Seen(engine).row(fingerprint)
        Acks(engine).put(fingerprint, by, reason.strip(), moment, None if seen is None else seen.affected, now)
    where = "" if seen is None else f" ({seen.code})"
    click.echo(f"{fingerprint}{where} is accepted until {moment:%Y-%m-%d %H:%M} UTC, by {by}.")
    if seen is None:
        note(
            "no scan with --apply has seen this fingerprint yet: check that it is right. Its numbers are watched from "
            "the next one on, and from half as many again it speaks."
        )
    elif seen.affected is not None:
        click.echo(f"It speaks again from {-(-seen.affected * 3 // 2):,} people on; it was {seen.affected:,}.")
    return ExitCode.CLEAR


def no_ack(fingerprint: str, config: Path | None) -> ExitCode:
    """Accept a finding no longer. Raises NothingSelected where nobody had."""
    with opened(load(config)) as engine:
        ack = Acks(engine).remove(fingerprint)
    if ack is None:
        raise NothingSelected(f"nobody has accepted {fingerprint}", help="So it speaks, if it is still there.")
    click.echo(f"{fingerprint} is accepted no longer; it was until {ack.until:%Y-%m-%d %H:%M} UTC, by {ack.by}.")
    return ExitCode.CLEAR


def approve(name: str, by: str, config: Path | None) -> ExitCode:
    """Store a verdict on the campaign exactly as it is now."""
    settings = load(config)
    people = _people(settings)
    known_person(people, by)
    account, campaign = _live(settings, name)
    no_author(people, by, campaign)
    ref = campaign.ref
    with opened(settings) as engine:
        Approvals(engine).put(account.name, ref.id, campaign.revision, by, _now())
        given = Approvals(engine).of(account.name, ref.id)
    names = sorted({one.by for one in given if one.content_hash == campaign.revision})
    click.echo(f"{name} ({ref.name}) is approved as it is now by {', '.join(names)}. Any edit ends that.")
    if isinstance(campaign.authors, Gap) and len(names) < 2:
        click.echo(f"Where an approval is asked for, one more person must give theirs: {campaign.authors.reason}.")
    return ExitCode.CLEAR


def tested(name: str, by: str, messages: Sequence[str], config: Path | None) -> ExitCode:
    """Record that somebody sent themselves a test of the campaign as it is now, or of some of its messages."""
    settings = load(config)
    by = _somebody(_people(settings), by)
    account, campaign = _live(settings, name)
    labels = [one.label for one in campaign.messages]
    folded = {label.casefold(): label for label in labels}
    messages = [one if one in labels else folded.get(one.casefold(), one) for one in messages]
    if unknown := [one for one in messages if one not in labels]:
        raise UsageError(f"{name} has no message {unknown[0]!r}", help=f"There is: {', '.join(labels)}.")
    with opened(settings) as engine:
        Tests(engine).put(account.name, campaign.ref.id, campaign.revision, by, _now(), messages)
    which = f"{', '.join(sorted(set(messages)))} of {name}" if messages else name
    click.echo(f"A test of {which} ({campaign.ref.name}) as it is now is on record, by {by}.")
    return ExitCode.CLEAR


def take_baseline(account: str, report: Report, settings: Settings) -> None:
    """Take all findings of the report for the account's debt."""
    prints = {f.fingerprint for _ref, f in report.findings}
    with opened(settings) as engine:
        Baselines(engine).put(account, prints, _now())
    are = "1 finding is" if len(prints) == 1 else f"{len(prints)} findings are"
    note(f"{are} the baseline of {account}: from now on only others speak.")
    if not report.complete:
        note("not everything could be read: what was not seen is not in the baseline, and will speak.")


def end_baseline(account: str, settings: Settings) -> None:
    """Let the account's old findings speak again."""
    with opened(settings) as engine:
        had = len(Baselines(engine).get(account))
        Baselines(engine).put(account, (), _now())
    click.echo(f"{account} has no baseline any more; it had {many(had, 'finding')}.")


# ------------------------------------------------------------------------------------------------ in a scan


def recorder(engine: sa.Engine, settings: Settings, policy: PolicySettings, as_of: datetime | None) -> Recorder:
    """What a scan asks for each campaign's record; where the store fails, nobody counts as having approved."""
    people = _people(settings)

    @cache
    def active() -> dict[str, Ack]:
        return Acks(engine).active(as_of or _now())

    @cache
    def baseline(account: str) -> frozenset[str]:
        return Baselines(engine).get(account)

    def of(campaign: Campaign, size: int | None, findings: Sequence[Finding]) -> Record | None:
        try:
            ref = campaign.ref
            silent = accepted(findings, active(), baseline(ref.account))
            loud = [f for f in findings if f.fingerprint not in silent]
            sizes = Seen(engine).sizes(ref.account, but=ref.id)
            return record(policy.approval, campaign, size, loud, Approvals(engine), Tests(engine), people, sizes)
        except DeedError as error:
            note(f"{error.message}: nothing is known of approvals and tests of {campaign.ref.name}")
            need = asked(policy.approval, campaign, size, findings)
            return Record(needed=need.people, why=need.why)

    return of


def acknowledged(engine: sa.Engine, report: Report, now: datetime, *, watch: bool) -> dict[str, FindingState]:
    """Fingerprints of the report that are accepted now. When the store fails, none is: everything speaks.

    `watch`: the numbers of acknowledgements given before anybody had counted are counted now.
    """
    results = (*report.campaigns, *report.held)
    findings = [f for result in (*results, *(r.everybody for r in results if r.everybody)) for f in result.findings]
    try:
        acks = Acks(engine)
        active = acks.active(now)
        for finding in findings:
            ack = active.get(finding.fingerprint)
            if watch and ack is not None and ack.affected_at_ack is None and finding.affected is not None:
                acks.put(ack.fingerprint, ack.by, ack.reason, ack.until, finding.affected, ack.at)
        accounts = {result.campaign.ref.account for result in results}
        baseline = frozenset().union(*(Baselines(engine).get(account) for account in sorted(accounts)))
    except DeedError as error:
        note(f"{error.message}: every finding speaks")
        return {}
    return accepted(findings, active, baseline)


def unseen(engine: sa.Engine, report: Report, now: datetime, window: timedelta | None) -> Report:
    """Says of each account that this run could not see whole for how long nobody has."""
    from presend.store.runs import Runs

    def told(account: str) -> str:
        try:
            last = Runs(engine).last_complete(account)
        except DeedError as error:
            return f"{error.message}: when this account was last seen whole is not known"
        if last is None:
            return "no scan has ever seen this account whole"
        if window is None or now - last <= window:
            return ""
        when = f"{last:%Y-%m-%d %H:%M} UTC"
        return f"not seen whole since {when}, longer than the window: campaigns may have gone out unread"

    failures = []
    for failure in report.failures:
        why = told(failure.unchecked.account) if failure.unchecked.kind is UncheckedKind.FAILED else ""
        said = failure.unchecked.reason
        reason = f"{said.rstrip('.')}. {why[0].upper()}{why[1:]}." if why else said
        failures.append(replace(failure, unchecked=replace(failure.unchecked, reason=reason)))
    return replace(report, failures=tuple(failures))
