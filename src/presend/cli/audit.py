"""`presend audit ACCOUNT`: one account, everything that is scheduled or live, however far ahead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from presend.cli.common import Wanted, chosen_accounts, note, result_options, rule_set, writable
from presend.cli.scan import deed_options
from presend.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from presend.engine import AccountFailure
    from presend.inventory import Inventory
    from presend.ports import Connector
    from presend.report import Report
    from presend.settings import Account, Settings


@click.command("audit")
@click.argument("account")
@deed_options
@result_options
def command(account: str, apply: bool, policy: Path | None, plan: Path | None, **options: Any) -> int:
    """Check everything in ACCOUNT, whenever it goes, and score the account.

    All scheduled campaigns and live automations; what would raise the score most; fields, lists and segments that
    nobody uses or fills.
    """
    from presend.cli.deeds import Wishes, after_scan, selected, widened
    from presend.cli.run import Scope, failed, run
    from presend.inventory import take
    from presend.logs import configure
    from presend.scoring import audit
    from presend.settings import load

    wanted = Wanted.take(options)
    configure(wanted.verbose)
    settings = load(wanted.config)
    chosen = chosen_accounts(settings, [account])
    if apply and wanted.as_of is not None and not all(a.base_url for a in chosen):
        raise UsageError(
            "--as-of with --apply would act on a real account at a time that is not now",
            help="Leave one of the two away, or give the account a base_url of its own (a sandbox).",
        )
    writable(plan)
    rules = rule_set(settings, wanted.select, wanted.ignore)
    done = after_scan(settings, policy, Wishes(apply, wanted.as_of, selected(rules.rules), plan))

    def after(report: Report, connectors: dict[str, Connector]) -> Report:
        note(f"{account}: reading all contacts, lists and segments")
        held = [take(connector) for connector in connectors.values()]
        missed = tuple(failed(chosen[0], why) for each in held for why in each.gaps)
        missed += tuple(_unmapped(settings, chosen[0], report, held))
        report = done(replace(report, failures=(*report.failures, *missed)), connectors)
        return replace(report, audit=audit(report.campaigns, held[0] if held else None))

    with widened(settings, policy, Scope(chosen, within=None), wanted.as_of) as scope:
        return int(run(settings, wanted, rules, scope, after=after))


def _unmapped(
    settings: Settings, account: Account, report: Report, held: Sequence[Inventory]
) -> Iterator[AccountFailure]:
    """What [facts] maps and nobody in the account has, where the campaigns alone could not tell."""
    from presend.cli.mapped import nowhere_in_account
    from presend.cli.run import unknowable

    mapped = settings.file.facts.get(account.name, {})
    said = any(one.unchecked.reason.startswith(f"[facts.{account.name}] maps") for one in report.failures)
    words = [result.campaign.vocabulary for result in (*report.campaigns, *report.held)]
    for each in held if mapped and not said else ():
        if reason := nowhere_in_account(account.name, account.platform, mapped, words, each):
            yield unknowable(account, reason)
