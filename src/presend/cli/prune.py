"""`presend prune`: forget what is old in the store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from presend.cli.common import Span


@click.command("prune")
@click.option("--older-than", type=Span(), default="90d", show_default=True, help="What ended longer ago than this.")
@click.option("--dry-run", is_flag=True, help="Only count it.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(older_than: timedelta, dry_run: bool, config: Path | None) -> int:
    """Remove from the store what ended longer ago than --older-than, and say how many of what.

    Never removes what is still relied on: deeds that hold a campaign or never came to an end, acknowledgements that
    have not expired, approvals of campaigns that may still be sent, baselines, notices that wait. Exit codes: 0 done,
    2 the store cannot be opened, 5 nothing was removed because the store failed.
    """
    from datetime import UTC, datetime

    from presend.settings import load
    from presend.store.database import opened
    from presend.store.prune import prune

    now = datetime.now(UTC)
    with opened(load(config, keys=False)) as engine:
        pruned = prune(engine, now - older_than, now, dry_run=dry_run)
    counts = [(name, count) for name, count in pruned.removed if count]
    click.echo("would remove:" if dry_run else "removed:")
    for name, count in counts:
        click.echo(f"  {count:>7,} {name}")
    if not counts:
        click.echo("  nothing")
    for name, count in pruned.kept:
        click.echo(f"kept although older: {count:,} {name}")
    return 0
