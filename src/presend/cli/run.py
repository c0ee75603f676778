"""One run over accounts: connect, scan, plan, perhaps do, and say what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import monotonic

import click

from presend import crossing
from presend.cli.common import (
    Wanted,
    account_config,
    note,
    platform_sentence,
    private_file,
    progress,
    writable,
    write_text,
)
from presend.engine import AccountFailure, CampaignResult, Request, Unchecked, close, scan_account
from presend.errors import Busy, PlatformError, UsageError
from presend.exitcodes import ExitCode
from presend.model import Blackouts, Campaign, Confidence, Finding, Record, Severity, UncheckedKind, half_lives
from presend.model.counting import many
from presend.ports import Connector, Known, OptOut
from presend.registry import connector_for
from presend.report import Report, Thresholds
from presend.rules import RuleSet
from presend.settings import Account, Settings, duration


@dataclass(frozen=True, slots=True)
class Scope:
    """Which accounts and campaigns a run covers."""

    accounts: Sequence[Account]
    within: timedelta | None = timedelta(hours=48)
    only: frozenset[str] = frozenset()
    asked: bool = False
    """Whether campaigns were asked for by name."""
    whole: bool = False
    """Whether everything is looked for that a scan without options looks for: only then a monitor is told."""
    exclusions: bool = False
    """Whether the policy may leave people out."""
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By account, the campaigns that presend holds."""
    records: Callable[[Campaign, int | None, Sequence[Finding]], Record | None] = lambda _c, _size, _found: None
    """What people said of a campaign."""


After = Callable[[Report, dict[str, Connector]], Report]
"""What follows a scan while connections and audiences are still open: planning, deeds, notices."""


def thresholds(wanted: Wanted) -> Thresholds:
    """`--fail-on` and `--fail-confidence` as values."""
    return Thresholds(Severity[wanted.fail_on.upper()], Confidence[wanted.fail_confidence.upper()])


def request_of(settings: Settings, wanted: Wanted, rules: RuleSet, scope: Scope) -> Request:
    """What the engine is asked. Raises UsageError for an unknown kind of fact under [freshness]."""
    try:
        lives = half_lives({kind: duration(text) for kind, text in settings.file.freshness.items()})
    except ValueError as error:
        raise UsageError(f"[freshness]: {error}", help="docs/settings.md lists the kinds of fact.") from None
    as_of = wanted.as_of or datetime.now(UTC)
    return Request(
        as_of=as_of,
        rules=rules,
        within=scope.within,
        only=scope.only,
        exclusions=scope.exclusions,
        held=scope.held,
        records=scope.records,
        half_lives=lives,
        blackouts=blackouts_of(settings, as_of),
        memory_limit=settings.memory_limit,
        show_pii=wanted.show_pii,
    )


def blackouts_of(settings: Settings, as_of: datetime) -> Blackouts:
    """What the settings say is dark, and the feeds that are on. Raises SettingsError for a row that is broken."""
    from presend.blackouts import Wanted as Asked
    from presend.blackouts import gathered

    file = settings.file
    feeds = {name: url for name in ("openfema", "gdacs") if (url := getattr(file.blackout_feeds, name))}
    entries = tuple(one.model_dump(by_alias=True) for one in file.blackouts)
    return gathered(Asked(entries, file.blackout_files, feeds, file.blackout_feeds.aftermath_days), as_of.date())


def failed(account: Account, reason: str, *, busy: bool = False) -> AccountFailure:
    """An account of which nothing could be read; `busy`: because another run is at work on it."""
    missed = Unchecked(account.platform.value, account.name, "", "", UncheckedKind.FAILED, None, reason)
    return AccountFailure(missed, busy=busy)


def unknowable(account: Account, reason: str) -> AccountFailure:
    """Something of an account that nobody can tell; nothing failed."""
    kind = UncheckedKind.UNKNOWABLE
    return AccountFailure(Unchecked(account.platform.value, account.name, "", "", kind, None, reason))


def _scan(
    settings: Settings, scope: Scope, request: Request, stack: ExitStack, connectors: dict[str, Connector]
) -> Iterator[CampaignResult | AccountFailure]:
    from presend.store.locks import account_lock

    for account in scope.accounts:
        if not sys.stderr.isatty():
            # At a terminal the progress line says so.
            note(f"{account.name}: reading campaigns and recipients")
        try:
            stack.enter_context(account_lock(settings, account.name))
            connector = connector_for(account_config(settings, account))
            stack.callback(connector.close)
            connectors[account.name] = connector
            yield from _with_mapping(_timed(scan_account(connector, request), account), account, settings)
        except Busy as error:
            why = f"{error.message}. {error.help}".strip()
            note(why)
            yield failed(account, why, busy=True)
        except PlatformError as error:
            yield failed(account, platform_sentence(error))


def _timed(
    items: Iterator[CampaignResult | AccountFailure], account: Account, clock: Callable[[], float] = monotonic
) -> Iterator[CampaignResult | AccountFailure]:
    """What a scan finds, and at its end, where no progress line runs, how many campaigns that were and how long."""
    began, count = clock(), 0
    for item in items:
        count += isinstance(item, CampaignResult)
        yield item
    if not sys.stderr.isatty():
        campaigns = many(count, "campaign")
        note(f"{account.name}: {campaigns} read in {clock() - began:.0f} s")


def configured(settings: Settings, scope: Scope, rules: RuleSet) -> list[crossing.Account]:
    """All configured accounts, for what looks across them; one that was not selected is asked only where that is on."""
    selected = {account.name for account in scope.accounts}
    everywhere = crossing.asks_everywhere(rules)
    found = []
    for account in settings.accounts:
        read = account.name in selected
        why = f"{account.name} was not asked who has opted out, as this run was not to read it"
        ask = _asking(settings, account) if read or everywhere else None
        found.append(crossing.Account(account.name, account.platform, ask, why, read))
    unread = [one.name for one in found if not one.read]
    if unread and crossing.crosses(rules):
        asked = "only who has opted out there is asked" if everywhere else "who has opted out there is not asked either"
        note(f"not part of this run: {', '.join(unread)}; the campaigns there are not read, and {asked}")
    return found


def _asking(settings: Settings, account: Account) -> crossing.Asked:
    def ask(known: Known) -> Iterator[Sequence[OptOut]]:
        # A connection of its own: the deadline of the one that read the account began with the run.
        connector = connector_for(account_config(settings, account))
        try:
            yield from connector.opted_out(known)
        finally:
            connector.close()

    return ask


def _with_mapping(
    items: Iterator[CampaignResult | AccountFailure], account: Account, settings: Settings
) -> Iterator[CampaignResult | AccountFailure]:
    """What a scan finds, and at its end, once, what [facts] maps and was found in no campaign's properties."""
    from presend.cli.mapped import nowhere

    words = []
    for item in items:
        if isinstance(item, CampaignResult):
            words.append(item.campaign.vocabulary)
        yield item
    mapped = settings.file.facts.get(account.name, {})
    if reason := nowhere(account.name, account.platform, mapped, words):
        yield unknowable(account, reason)


def run(settings: Settings, wanted: Wanted, rules: RuleSet, scope: Scope, *, after: After | None = None) -> ExitCode:
    """Scan, do what `after` does, write the results; the exit code of the process."""
    started = datetime.now(UTC)
    writable(wanted.output, wanted.report, wanted.recipients)
    request = request_of(settings, wanted, rules, scope)
    results: list[CampaignResult | AccountFailure] = []
    with ExitStack() as stack, progress(enabled=True) as tell:
        connectors: dict[str, Connector] = {}
        try:
            request = replace(request, progress=tell)
            results.extend(_scan(settings, scope, request, stack, connectors))
            results[:] = crossing.cross(results, configured(settings, scope, rules), request)
            report = Report(
                version=version("presend"),
                as_of=request.as_of,
                started=started,
                finished=datetime.now(UTC),
                campaigns=tuple(r for r in results if isinstance(r, CampaignResult) and not r.held),
                held=tuple(r for r in results if isinstance(r, CampaignResult) and r.held),
                failures=tuple(r for r in results if isinstance(r, AccountFailure)),
                accounts=len(scope.accounts),
                thresholds=thresholds(wanted),
                asked=scope.asked,
                detailed=wanted.verbose > 0,
            )
            if after is not None:
                report = replace(after(report, connectors), finished=datetime.now(UTC))
            deliver(report, wanted)
            if settings.ping_url is not None and report.complete and scope.whole:
                _ping(settings.ping_url.get_secret_value())
        finally:
            close(results)
    return report.exit_code


def _ping(url: str) -> None:
    from presend.notify.ping import ping

    if why := ping(url):
        note(f"the scan is complete, but the monitor of PRESEND_PING_URL was not told: {why}")


def deliver(report: Report, wanted: Wanted) -> None:
    """Write the report where it was asked for: stdout or a file, the HTML page, the file of recipients."""
    from presend.outputs import Format, writer

    text = writer(Format(wanted.form))(report)
    if wanted.output is not None:
        write_text(wanted.output, text)
        note(f"report written to {wanted.output}")
    else:
        click.echo(text, nl=False)
    if wanted.report is not None:
        from presend.outputs.page import write as page

        write_text(wanted.report, page(report))
        note(f"page written to {wanted.report}")
    if wanted.recipients is not None:
        write_recipients(report, wanted.recipients)


def write_recipients(report: Report, path: Path) -> None:
    """The file of affected recipients, rights 0600, announced."""
    import os

    from presend.outputs.recipients import write

    with os.fdopen(private_file(path), "wb") as out:
        count = write(report.campaigns, out)
    note(f"{many(count, 'line')} of people's data written to {path} (readable by you only)")
