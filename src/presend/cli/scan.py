"""`presend scan`: every campaign that is due soon, in all configured accounts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from presend.cli.common import PLATFORMS, Span, Wanted, chosen_accounts, result_options, rule_set, stack, writable
from presend.errors import UsageError

deed_options = stack(
    click.option("--apply", is_flag=True, help="Do what the policy says; without it, only plan."),
    click.option("--policy", type=click.Path(path_type=Path, dir_okay=False), help="A TOML file with [policy]."),
    click.option(
        "--plan",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Also save the plan, for `presend apply`. Names people by their ids.",
    ),
)


@click.command("scan")
@click.option("--within", type=Span(), default="48h", show_default=True, help="How far ahead to look.")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Only this account; repeatable.")
@click.option("--platform", "platforms", multiple=True, type=click.Choice(PLATFORMS))
@deed_options
@result_options
def command(
    within: timedelta,
    accounts: tuple[str, ...],
    platforms: tuple[str, ...],
    apply: bool,
    policy: Path | None,
    plan: Path | None,
    **options: Any,
) -> int:
    """Check every campaign due within --within in all configured accounts.

    Reads only, unless --apply is given. Exit codes: 0 clear, 1 findings, 2 usage, 3 nothing selected,
    4 incomplete, 5 a deed failed.
    """
    from presend.cli.deeds import Wishes, after_scan, selected, widened
    from presend.cli.run import Scope, run
    from presend.logs import configure
    from presend.settings import load

    wanted = Wanted.take(options)
    configure(wanted.verbose)
    settings = load(wanted.config)
    chosen = chosen_accounts(settings, accounts, platforms)
    if apply and wanted.as_of is not None and not all(a.base_url for a in chosen):
        raise UsageError(
            "--as-of with --apply would act on real accounts at a time that is not now",
            help="Leave one of the two away, or give every account a base_url of its own (a sandbox).",
        )
    writable(plan)
    rules = rule_set(settings, wanted.select, wanted.ignore)
    wishes = Wishes(apply, wanted.as_of, selected(rules.rules), plan, within)
    after = after_scan(settings, policy, wishes)
    with widened(settings, policy, Scope(chosen, within, whole=wishes.whole), wanted.as_of) as scope:
        return int(run(settings, wanted, rules, scope, after=after))
