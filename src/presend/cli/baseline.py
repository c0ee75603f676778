"""`presend baseline ACCOUNT`: accept all of today's findings of an account, so that only new ones count."""

from __future__ import annotations

from typing import Any

import click

from presend.cli.common import Wanted, chosen_accounts, result_options, rule_set


@click.command("baseline")
@click.argument("account")
@click.option("--clear", is_flag=True, help="End the baseline instead: everything speaks again.")
@result_options
def command(account: str, clear: bool, **options: Any) -> int:
    """Audit ACCOUNT and accept all of today's findings (its baseline), so that only new ones count.

    The accepted ones stay in every report as acknowledged, and lead to no deed and no exit code 1. A new campaign, a
    new place or another check speaks. A second baseline replaces the first. Exit codes are those of an audit.
    """
    from presend.cli.run import Scope, run
    from presend.cli.spoken import end_baseline, take_baseline
    from presend.logs import configure
    from presend.ports import Connector
    from presend.report import Report
    from presend.settings import load

    wanted = Wanted.take(options)
    configure(wanted.verbose)
    settings = load(wanted.config)
    chosen = chosen_accounts(settings, [account])
    if clear:
        end_baseline(chosen[0].name, settings)
        return 0

    def after(report: Report, _connectors: dict[str, Connector]) -> Report:
        take_baseline(chosen[0].name, report, settings)
        return report

    rules = rule_set(settings, wanted.select, wanted.ignore)
    return int(run(settings, wanted, rules, Scope(chosen, within=None), after=after))
